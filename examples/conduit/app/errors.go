package app

import (
	"database/sql"
	"errors"
	"net/http"

	"github.com/bggen/bggen/runtime"
)

// OrNotFound makes a 404 of the error of a query that has found nothing.
func OrNotFound(err error) error {
	if errors.Is(err, sql.ErrNoRows) {
		return &runtime.Problem{Status: http.StatusNotFound}
	}
	return err
}

// OrConflict makes a 409 of the error of a query that has changed nothing.
func OrConflict(err error, detail string) error {
	if errors.Is(err, sql.ErrNoRows) {
		return &runtime.Problem{Status: http.StatusConflict, Detail: detail}
	}
	return err
}

// Unauthorized is a 401, for users who have not said who they are.
func Unauthorized(detail string) error {
	return &runtime.Problem{Status: http.StatusUnauthorized, Detail: detail, Header: http.Header{"WWW-Authenticate": {"Bearer"}}}
}

// Forbidden is a 403, for users who may not do this.
func Forbidden(detail string) error {
	return &runtime.Problem{Status: http.StatusForbidden, Detail: detail}
}
