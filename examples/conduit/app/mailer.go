package app

import (
	"context"
	"fmt"
	"log/slog"
	"strings"
)

// Mailer sends mails.
type Mailer interface {
	Send(ctx context.Context, to, subject, text string) error
}

// LogMailer logs mails in place of sending them.
type LogMailer struct{}

// Send logs the mail. Those to the domain invalid, which has no addresses by RFC 2606,
// are refused, as by a mail server.
func (LogMailer) Send(ctx context.Context, to, subject, text string) error {
	if strings.HasSuffix(to, ".invalid") {
		return fmt.Errorf("450 %s: the domain is not known, try later", to)
	}
	slog.InfoContext(ctx, "mail", "to", to, "subject", subject, "text", text)
	return nil
}
