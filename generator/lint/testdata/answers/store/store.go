// Package store has what handlers of others use. // want package:"directed" package:`answers: FindTenant\[402\]\[\], OrNotFound\[404\]\[\], Refuse\[\]\[0\], Gone\[410\]`
package store

import (
	"database/sql"
	"errors"
	"fmt"
	"net/http"

	"github.com/bggen/bggen/runtime"
)

// Gone is an error that is there once.
var Gone = &runtime.Problem{Status: http.StatusGone}

// OrNotFound makes a 404 of an error of the database.
func OrNotFound(err error) error {
	if errors.Is(err, sql.ErrNoRows) {
		return fmt.Errorf("no rows: %w", &runtime.Problem{Status: http.StatusNotFound})
	}
	return err
}

// Refuse makes an error of the status that it is given.
func Refuse(status int, detail string) error {
	return &runtime.Problem{Status: status, Detail: detail}
}

// Tenant is whose data a request is about.
type Tenant string

// FindTenant makes a Tenant.
//
//bggen:provide
//bggen:answers 402
func FindTenant(db *sql.DB) (Tenant, error) {
	if db == nil {
		return "", Refuse(http.StatusPaymentRequired, "pay first")
	}
	return "", nil
}
