// Package webhook takes calls of another service, which signs them.
//
// A guard checks the signature of the raw body before anything is decoded. The call is
// answered at once, and handled in a task: those who send webhooks do not wait long, and
// repeat a call that was not answered.
package webhook

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"log"
	"net/http"
	"strconv"
	"time"

	"github.com/bggen/bggen/runtime"
)

// App holds what lives as long as the program.
//
//bggen:app
type App struct{ Secret []byte }

// Call is a call with a valid signature.
type Call struct{ Raw []byte }

// tolerance is how old a call may be. It keeps somebody who has recorded a call from
// sending it again later.
const tolerance = 5 * time.Minute

// Verify lets in calls with a valid signature: that of the time, a dot and the body, in
// hexadecimal digits.
//
//bggen:guard
//bggen:param sent header=X-Timestamp
//bggen:param signature header=X-Signature
func (a *App) Verify(sent int64, signature string, body []byte) (Call, error) {
	age := time.Since(time.Unix(sent, 0))
	got, err := hex.DecodeString(signature)
	if err != nil || age.Abs() > tolerance || !hmac.Equal(got, a.sign(sent, body)) {
		return Call{}, &runtime.Problem{Status: http.StatusUnauthorized, Detail: "the signature is not valid"}
	}
	return Call{body}, nil
}

func (a *App) sign(sent int64, body []byte) []byte {
	mac := hmac.New(sha256.New, a.Secret)
	mac.Write([]byte(strconv.FormatInt(sent, 10) + "."))
	mac.Write(body)
	return mac.Sum(nil)
}

// Event is what a call says.
type Event struct {
	ID   string `json:"id"`
	Kind string `json:"kind"`
}

// Receive takes a call.
//
//bggen:route POST /webhooks status=202
func Receive(call Call, bg *runtime.BackgroundTasks) error {
	var event Event
	if err := json.Unmarshal(call.Raw, &event); err != nil {
		return &runtime.Problem{Status: http.StatusBadRequest, Detail: "not JSON"}
	}
	// The same event may come twice. An engine keeps it from waiting twice.
	EnqueueHandle(bg, event, runtime.Unique(event.ID))
	return nil
}

// Handle does what an event asks for.
//
//bggen:task attempts=5
func Handle(ctx context.Context, event Event) error {
	log.Printf("event %s: %s", event.ID, event.Kind)
	return nil
}
