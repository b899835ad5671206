// Package websocket serves a WebSocket.
//
// Guards, providers and checks run before the connection is taken over, so that a
// stranger gets an ordinary 401. Tasks run when the handler has returned, that is, when
// the connection has ended.
package websocket

import (
	"context"
	"log"
	"net/http"
	"os"

	"github.com/coder/websocket"

	"github.com/bggen/bggen/runtime"
	"github.com/bggen/bggen/runtime/auth"
)

// User is who has opened the connection.
type User struct{ Name string }

// RequireUser takes the token from the query, since a browser cannot set a header when
// it opens a WebSocket. Give out tokens for this purpose that are valid once.
//
//bggen:guard
//bggen:param key query=ticket
func RequireUser(key auth.APIKey) (User, error) {
	if want := os.Getenv("TICKET"); want == "" || !key.Equal(want) {
		return User{}, key.Invalid()
	}
	return User{Name: "ann"}, nil
}

// Echo sends back what it gets.
//
//bggen:route GET /echo
func Echo(ctx context.Context, w http.ResponseWriter, r *http.Request, user User, bg *runtime.BackgroundTasks) error {
	conn, err := websocket.Accept(w, r, nil) // checks the Origin
	if err != nil {
		return nil // Accept has answered
	}
	defer conn.CloseNow()
	messages := 0
	defer func() { EnqueueNote(bg, user.Name, messages) }()
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	go func() { // ends the connection when the server is told to stop
		select {
		case <-runtime.Draining(ctx):
			conn.Close(websocket.StatusGoingAway, "the server restarts")
		case <-ctx.Done():
		}
	}()
	for {
		kind, message, err := conn.Read(ctx)
		if websocket.CloseStatus(err) == websocket.StatusNormalClosure {
			return nil
		}
		if err != nil {
			return nil // the connection is lost, and there is nobody to answer
		}
		if err := conn.Write(ctx, kind, message); err != nil {
			return nil
		}
		messages++
	}
}

// Note remembers that somebody was here.
//
//bggen:task
func Note(name string, messages int) { log.Printf("%s has sent %d messages", name, messages) }
