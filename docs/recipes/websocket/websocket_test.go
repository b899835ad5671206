package websocket

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/coder/websocket"

	"github.com/bggen/bggen/runtime/bgtest"
)

func TestEcho(t *testing.T) {
	t.Setenv("TICKET", "42")
	recorder := bgtest.NewRecorder(t)
	mux := http.NewServeMux()
	Register(mux, recorder.Runner())
	server := httptest.NewServer(mux)

	_, resp, err := websocket.Dial(t.Context(), server.URL+"/echo?ticket=7", nil)
	if err == nil || resp.StatusCode != 401 {
		t.Errorf("a stranger gets %v, %v", resp, err)
	}
	conn, _, err := websocket.Dial(t.Context(), server.URL+"/echo?ticket=42", nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := conn.Write(t.Context(), websocket.MessageText, []byte("hello")); err != nil {
		t.Fatal(err)
	}
	if _, message, err := conn.Read(t.Context()); err != nil || string(message) != "hello" {
		t.Errorf("%s, %v", message, err)
	}
	conn.Close(websocket.StatusNormalClosure, "")
	server.Close()
	if err := recorder.Runner().Idle(t.Context()); err != nil {
		t.Fatal(err)
	}
	recorder.Want("github.com/bggen/bggen/docs/recipes/websocket.Note")
}
