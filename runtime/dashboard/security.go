package dashboard

import (
	"crypto/rand"
	"crypto/subtle"
	"errors"
	"maps"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"github.com/bggen/bggen/runtime"
)

// authorized asks the hook of the program, and answers where it says no.
func (d *dashboard) authorized(w http.ResponseWriter, r *http.Request) bool {
	if d.authorize == nil {
		d.open.note(d.runner, r)
		return true
	}
	err := d.authorize(r)
	if err == nil {
		return true
	}
	status, text := http.StatusForbidden, "You may not see this page."
	if p, ok := errors.AsType[*runtime.Problem](err); ok {
		maps.Copy(w.Header(), p.Header)
		text = p.Error()
	}
	var known interface{ StatusCode() int }
	if errors.As(err, &known) && known.StatusCode() >= 400 && known.StatusCode() < 600 {
		status = known.StatusCode()
	}
	http.Error(w, text, status)
	return false
}

// recheck is how long somebody who was let in goes on looking before the hook is asked
// again.
var recheck = 20 * time.Second

// stillAuthorized asks the hook again, for a stream that goes on.
func (d *dashboard) stillAuthorized(r *http.Request) bool {
	return d.authorize == nil || d.authorize(r) == nil
}

// An exposure is whether everybody who reaches this machine sees the page.
type exposure struct {
	yes  atomic.Bool
	once sync.Once
}

// note looks at the address that a request has come to, and at the one that its server
// listens at.
func (e *exposure) note(runner *runtime.Runner, r *http.Request) {
	if e.yes.Load() {
		return
	}
	var address string
	if at, ok := r.Context().Value(http.LocalAddrContextKey).(net.Addr); ok && isOpen(at.String()) {
		address = at.String()
	}
	if server, ok := r.Context().Value(http.ServerContextKey).(*http.Server); ok && server.Addr != "" && isOpen(server.Addr) {
		address = server.Addr
	}
	if address == "" {
		return
	}
	e.yes.Store(true)
	e.once.Do(func() {
		runner.Core().Log().Warn("everybody who reaches this address sees the page of the background tasks: "+
			"give dashboard.New the option Authorize, also where a middleware checks", "address", address)
	})
}

// isOpen reports whether other machines may reach an address.
func isOpen(address string) bool {
	host, _, err := net.SplitHostPort(address)
	if err != nil || host == "localhost" {
		return false
	}
	ip := net.ParseIP(host)
	return ip == nil || !ip.IsLoopback()
}

func newToken() string { return rand.Text() }

// header is one that a program sets which asks for an action. A form of another site
// cannot.
const header = "Bggen-Dashboard"

// fromHere reports whether a request was sent by this page, or by a program, and not by
// a form or a script of another site. Browsers say where a request comes from in
// Sec-Fetch-Site and Origin; one that says neither has to bring the page's token, or a
// header that another site cannot set.
func (d *dashboard) fromHere(r *http.Request) error {
	if err := d.foreign.Check(r); err != nil {
		return err
	}
	if r.Header.Get(header) != "" || subtle.ConstantTimeCompare([]byte(r.PostFormValue("token")), []byte(d.token)) == 1 {
		return nil
	}
	return errForeign
}

var errForeign = errors.New("The request does not come from this page, or the program has been started again since: " + //lint:ignore ST1005 it is shown
	"load the page again. A program sets the header " + header + ".")
