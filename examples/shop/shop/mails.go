package shop

import (
	"context"
	"database/sql"
	"fmt"
	"log/slog"
	"strings"

	"github.com/bggen/bggen/runtime"
)

// Mailer sends mails.
type Mailer interface {
	Send(ctx context.Context, to, subject, text string) error
}

// LogMailer logs mails in place of sending them.
type LogMailer struct{}

// Send logs the mail. There are no addresses in the domain invalid, by RFC 2606.
func (LogMailer) Send(ctx context.Context, to, subject, text string) error {
	if strings.HasSuffix(to, ".invalid") {
		return fmt.Errorf("450 %s: the domain is not known, try later", to)
	}
	slog.InfoContext(ctx, "mail", "to", to, "subject", subject, "text", text)
	return nil
}

// SendMail sends one mail.
//
//bggen:task attempts=3
func SendMail(ctx context.Context, m Mailer, to, subject, text string) error {
	return m.Send(ctx, to, subject, text)
}

// SendReceipt mails an order to the customer. It is enqueued with the order's
// number and the address; database and mailer it is given where it runs.
//
//bggen:task attempts=3
func SendReceipt(ctx context.Context, db *sql.DB, m Mailer, id OrderID, to string) error {
	lines, err := linesOf(ctx, db, id)
	if err != nil {
		return err
	}
	var text strings.Builder
	for _, l := range lines {
		fmt.Fprintf(&text, "%d x %s at %v\n", l.Quantity, l.Name, l.Price)
	}
	return m.Send(ctx, to, fmt.Sprintf("Your order %d", id), text.String())
}

// AlertLowStock tells the buyer of the shop what runs short after an order. It
// adds tasks of its own, one for each mail, so that one that fails keeps no other
// back: they run when it has succeeded.
//
//bggen:task
func AlertLowStock(ctx context.Context, db *sql.DB, bg *runtime.BackgroundTasks, id OrderID) error {
	rows, err := db.QueryContext(ctx, `
		SELECT DISTINCT name, stock FROM products JOIN order_lines ON product = products.id
		WHERE order_id = ? AND stock < 3`, id)
	short, err := collect(rows, err, func(p *Product) []any { return []any{&p.Name, &p.Stock} })
	for _, p := range short {
		EnqueueSendMail(bg, "buyer@example.com", fmt.Sprintf("%s: %d left", p.Name, p.Stock), "")
	}
	return err
}
