package app

import (
	"context"
	"log/slog"
)

// Mailer sends mails.
type Mailer interface {
	Send(ctx context.Context, to, subject, text string) error
}

// LogMailer logs mails in place of sending them.
type LogMailer struct{}

// Send logs the mail.
func (LogMailer) Send(ctx context.Context, to, subject, text string) error {
	slog.InfoContext(ctx, "mail", "to", to, "subject", subject, "text", text)
	return nil
}
