package email

import (
	"bufio"
	"context"
	"fmt"
	"net"
	"net/http"
	"net/textproto"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/bggen/bggen/runtime"
	"github.com/bggen/bggen/runtime/bgtest"
)

// flaky fails as often as it has errors.
type flaky struct {
	errs []error
	sent int
}

func (f *flaky) Send(ctx context.Context, to, subject, text string) error {
	if len(f.errs) > 0 {
		err := f.errs[0]
		f.errs = f.errs[1:]
		return err
	}
	f.sent++
	return nil
}

func signUp(t *testing.T, mailer Mailer, failed *int) {
	runner := runtime.Runner{OnError: func(ctx context.Context, info runtime.TaskInfo, err error) { *failed++ }}
	mux := http.NewServeMux()
	Register(mux, &runner, &App{Mailer: mailer})
	bgtest.NewClient(t, &runner, mux).Send("POST", "/signups", `{"email":"ann@example.com"}`).Want(202)
}

func TestABusyServerIsTriedAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		busy := &textproto.Error{Code: 421, Msg: "busy"}
		mailer, failed := &flaky{errs: []error{busy, busy}}, 0
		signUp(t, mailer, &failed)
		if mailer.sent != 1 || failed != 2 {
			t.Errorf("%d sent, %d attempts failed", mailer.sent, failed)
		}
	})
}

func TestSMTP(t *testing.T) {
	listener, err := net.Listen("tcp", "localhost:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	got := make(chan string, 1)
	go func() { got <- serveOneMail(listener) }()
	mailer := SMTP{Addr: listener.Addr().String(), From: "shop@example.com"}
	if err := mailer.Send(t.Context(), "ann@example.com", "Grüße", "Hello."); err != nil {
		t.Fatal(err)
	}
	mail := <-got
	for _, want := range []string{"To: ann@example.com", "Subject: =?utf-8?q?", "\nHello."} {
		if !strings.Contains(mail, want) {
			t.Errorf("the mail has no %q:\n%s", want, mail)
		}
	}
	if err := mailer.Send(t.Context(), "ann@example.com\r\nBcc: all@example.com", "", ""); err == nil {
		t.Error("a line break in an address is sent")
	}
}

// serveOneMail speaks as much SMTP as one mail needs, and returns it.
func serveOneMail(listener net.Listener) string {
	conn, err := listener.Accept()
	if err != nil {
		return err.Error()
	}
	defer conn.Close()
	in := textproto.NewReader(bufio.NewReader(conn))
	fmt.Fprint(conn, "220 ready\r\n")
	mail := ""
	for {
		line, err := in.ReadLine()
		switch {
		case err != nil:
			return mail
		case strings.HasPrefix(line, "QUIT"):
			fmt.Fprint(conn, "221 bye\r\n")
			return mail
		case strings.HasPrefix(line, "DATA"):
			fmt.Fprint(conn, "354 go on\r\n")
			lines, _ := in.ReadDotLines()
			mail = strings.Join(lines, "\n")
		}
		fmt.Fprint(conn, "250 fine\r\n")
	}
}
