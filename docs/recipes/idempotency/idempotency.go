// Package idempotency lets a client repeat a request without a second effect.
//
// The client makes up a key and sends it in the header Idempotency-Key. The first
// request with a key does the work and stores the answer, in the same transaction. A
// repetition gets the stored answer.
package idempotency

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"net/http"

	"github.com/bggen/bggen/runtime"
)

// Schema is what the database needs. Delete keys that are older than a day or so.
const Schema = `
	CREATE TABLE payments (id INTEGER PRIMARY KEY, cents INTEGER NOT NULL);
	CREATE TABLE answers (key TEXT PRIMARY KEY, request TEXT NOT NULL, answer TEXT, at TIMESTAMP DEFAULT CURRENT_TIMESTAMP)`

// App holds what lives as long as the program.
//
//bggen:app
type App struct{ DB *sql.DB }

// Begin makes the transaction of a request.
//
//bggen:provide
func Begin(ctx context.Context, db *sql.DB) (*sql.Tx, func(error) error, error) {
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return nil, nil, err
	}
	return tx, func(failure error) error {
		if failure != nil {
			return errors.Join(failure, tx.Rollback())
		}
		return tx.Commit()
	}, nil
}

// NewPayment is the body of a request.
type NewPayment struct {
	Cents int64 `json:"cents" required:"true" min:"1"`
}

// Payment is the answer.
type Payment struct {
	ID    int64 `json:"id"`
	Cents int64 `json:"cents"`
}

// Pay pays once for each key.
//
//bggen:route POST /payments status=201
//bggen:param key header=Idempotency-Key minlen=16 maxlen=100
func Pay(ctx context.Context, tx *sql.Tx, key string, body NewPayment) (Payment, error) {
	return once(ctx, tx, key, body, func() (Payment, error) {
		p := Payment{Cents: body.Cents}
		err := tx.QueryRowContext(ctx, `INSERT INTO payments (cents) VALUES (?) RETURNING id`, p.Cents).Scan(&p.ID)
		return p, err
	})
}

// once calls work unless an answer to the same request is stored, and stores what it
// returns. Two requests at a time are no problem: the second INSERT waits for the end
// of the first transaction.
func once[Body, Answer any](ctx context.Context, tx *sql.Tx, key string, body Body, work func() (Answer, error)) (answer Answer, err error) {
	request, err := json.Marshal(body)
	if err != nil {
		return answer, err
	}
	var before string
	var stored sql.NullString
	err = tx.QueryRowContext(ctx, `
		INSERT INTO answers (key, request) VALUES (?, ?)
		ON CONFLICT (key) DO UPDATE SET key = key RETURNING request, answer`, key, string(request)).Scan(&before, &stored)
	switch {
	case err != nil:
		return answer, err
	case before != string(request):
		return answer, &runtime.Problem{Status: http.StatusUnprocessableEntity, Detail: "this key was sent with another request"}
	case stored.Valid:
		return answer, json.Unmarshal([]byte(stored.String), &answer)
	}
	if answer, err = work(); err != nil {
		return answer, err // the transaction takes the key back
	}
	text, err := json.Marshal(answer)
	if err != nil {
		return answer, err
	}
	_, err = tx.ExecContext(ctx, `UPDATE answers SET answer = ? WHERE key = ?`, string(text), key)
	return answer, err
}
