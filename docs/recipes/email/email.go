// Package email sends mails after the response, over SMTP.
//
// A server that is busy is tried again; an address that it refuses for good is not.
package email

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"mime"
	"net"
	"net/smtp"
	"net/textproto"
	"strings"
	"time"

	"github.com/bggen/bggen/runtime"
)

// App holds what lives as long as the program.
//
//bggen:app
type App struct{ Mailer Mailer }

// Mailer sends mails. Tests use another one.
type Mailer interface {
	Send(ctx context.Context, to, subject, text string) error
}

// Signup is the body of a request.
type Signup struct {
	Email string `json:"email" required:"true" maxlen:"200" pattern:"^[^@\\s]+@[^@\\s]+$"`
}

// SignUp takes an address, and answers at once.
//
//bggen:route POST /signups status=202
func SignUp(body Signup, bg *runtime.BackgroundTasks) {
	EnqueueSendWelcome(bg, body.Email)
}

// SendWelcome sends the first mail. At most four connections to the mail server are
// open at a time.
//
//bggen:task attempts=8 backoff=30s timeout=1m limit=4
func SendWelcome(ctx context.Context, mailer Mailer, to string) error {
	err := mailer.Send(ctx, to, "Welcome", "It is good to have you here.")
	var refused *textproto.Error
	if errors.As(err, &refused) && refused.Code >= 500 {
		return runtime.Permanent(err)
	}
	return err
}

// SMTP is a Mailer.
type SMTP struct {
	Addr string // host:port
	Auth smtp.Auth
	From string
}

// Send sends a text.
func (s SMTP) Send(ctx context.Context, to, subject, text string) error {
	if strings.ContainsAny(to+subject, "\r\n") {
		return runtime.Permanent(errors.New("a line break in a header"))
	}
	conn, err := new(net.Dialer).DialContext(ctx, "tcp", s.Addr)
	if err != nil {
		return err
	}
	stop := context.AfterFunc(ctx, func() { conn.Close() }) // net/smtp does not know contexts
	defer stop()
	host, _, _ := net.SplitHostPort(s.Addr)
	client, err := smtp.NewClient(conn, host)
	if err != nil {
		return errors.Join(err, conn.Close())
	}
	defer client.Close()
	if err := s.deliver(client, host, to, subject, text); err != nil {
		return err
	}
	return client.Quit()
}

func (s SMTP) deliver(client *smtp.Client, host, to, subject, text string) error {
	if ok, _ := client.Extension("STARTTLS"); ok {
		if err := client.StartTLS(&tls.Config{ServerName: host}); err != nil {
			return err
		}
	}
	if s.Auth != nil {
		if err := client.Auth(s.Auth); err != nil { // refuses to send a password without TLS
			return err
		}
	}
	if err := client.Mail(s.From); err != nil {
		return err
	}
	if err := client.Rcpt(to); err != nil {
		return err
	}
	data, err := client.Data()
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(data, "From: %s\r\nTo: %s\r\nSubject: %s\r\nDate: %s\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n%s\r\n",
		s.From, to, mime.QEncoding.Encode("utf-8", subject), time.Now().Format(time.RFC1123Z), text)
	return errors.Join(err, data.Close())
}
