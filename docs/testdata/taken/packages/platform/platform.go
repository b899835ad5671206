// Package platform is taken for granted by structure.md.
package platform

import "database/sql"

// Mailer sends mails.
type Mailer interface{ Send(to, text string) error }

// App is what all packages share.
//
//bggen:app
type App struct {
	DB     *sql.DB
	Mailer Mailer
}
