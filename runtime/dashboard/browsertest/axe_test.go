package browsertest

import (
	"context"
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/bggen/bggen/runtime"
	"github.com/bggen/bggen/runtime/dashboard"
	"github.com/bggen/bggen/runtime/dashboard/internal/dashtest"
	"github.com/bggen/bggen/runtime/engine"
	"github.com/chromedp/cdproto/emulation"
	cdp "github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// axe is the text of axe-core, which npm installs.
var axe = sync.OnceValues(func() (string, error) {
	const file = "node_modules/axe-core/axe.min.js"
	if _, err := os.Stat(file); err != nil {
		if out, err := exec.Command("npm", "install", "--no-package-lock", "--no-audit", "--no-fund").CombinedOutput(); err != nil {
			return "", errors.New("npm cannot install axe-core: " + err.Error() + ": " + string(out))
		}
	}
	text, err := os.ReadFile(file)
	return string(text), err
})

// accessible has axe-core look at the page.
func (b *tab) accessible(what string) {
	b.t.Helper()
	for _, v := range b.violations() {
		b.t.Errorf("%s: %s", what, v)
	}
}

// violations are what axe-core finds.
func (b *tab) violations() (list []string) {
	b.t.Helper()
	script, err := axe()
	if err != nil {
		missing(b.t, err.Error())
	}
	var found string
	b.run(chromedp.Evaluate(script+"; 0", nil), chromedp.Evaluate(`axe.run().then(r => JSON.stringify(r.passes.length < 10 ? ["it has looked at too little: " + r.passes.length] : r.violations.map(v => v.id + ": " + v.help + " " + v.nodes.map(n => n.html + " " + n.failureSummary).join("\n"))))`,
		&found, func(p *cdp.EvaluateParams) *cdp.EvaluateParams { return p.WithAwaitPromise(true) }))
	if err := json.Unmarshal([]byte(found), &list); err != nil {
		b.t.Fatal(err)
	}
	return list
}

// axe-core finds nothing on any page: empty and full, light and dark, on a desktop and a
// phone, nor on the question.
func TestAccessible(t *testing.T) {
	e := &dashtest.Store{Beyond: true}
	runner := &runtime.Runner{Logger: dashtest.Quiet, Engines: map[string]engine.Engine{"river": e}}
	s := dashtest.Serve(t, runner, dashboard.New(runner, dashboard.Actions(), dashboard.Arguments()))
	b := browse(t, s.URL)
	pages := []string{"", "queues", "processes", "schedules", "task?key=none"}
	for _, stage := range engine.Stages {
		pages = append(pages, "list?stage="+string(stage))
	}
	look := func(what string) {
		t.Helper()
		for _, path := range pages {
			b.run(chromedp.Navigate(s.URL + path))
			b.accessible(what + ", " + path)
		}
	}
	b.run(chromedp.Evaluate(`document.querySelector("footer").append(document.createElement("button")); 0`, nil))
	if found := b.violations(); len(found) != 1 || !strings.HasPrefix(found[0], "button-name") {
		t.Fatalf("of a button without a text, axe-core says %q", found)
	}
	look("empty")
	work(s)
	fill(e)
	for range 60 {
		s.Add(func(context.Context) error { panic("no") }, runtime.Named("example.com/shop.SendMail"))
	}
	s.Until("they have failed", func() bool { return s.List("stage=failed").Next != "" })
	id := s.List("stage=failed&engine=this+process").Tasks[0].Key
	pages = append(pages, "?range=day", "bulk?do=retry&stage=failed", "bulk?do=retry&stage=failed&text=none", "task?engine=this+process&key="+id,
		"task?engine=river&key=4702", "list?stage=failed&text=none&name=none", "list?stage=failed&after="+s.List("stage=failed").Next)
	for _, scheme := range []string{"light", "dark"} {
		b.run(emulation.SetEmulatedMedia().WithFeatures([]*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}}),
			emulation.SetDeviceMetricsOverride(1160, 1060, 1, false))
		look(scheme)
	}
	b.run(emulation.SetDeviceMetricsOverride(390, 844, 1, true))
	look("phone")
	b.run(chromedp.Navigate(s.URL + "list?stage=failed"))
	b.click("tbody button")
	b.accessible("question")
}

// Nothing moves, whatever somebody has asked for.
func TestNothingMoves(t *testing.T) {
	s := dashtest.Start(t)
	_, style := s.Get("style.css")
	for _, bad := range []string{"transition", "animation", "@keyframes", "scroll-behavior"} {
		if strings.Contains(style, bad) {
			t.Errorf("the style has a %s", bad)
		}
	}
	s.Block("shop.Resize")
	b := browse(t, s.URL).live()
	b.run(chromedp.Sleep(100 * time.Millisecond))
	if n := b.text("document.getAnimations().length"); n != "0" {
		t.Errorf("%s things move", n)
	}
}

// missing skips a test for want of something, or fails it where that has to be there.
func missing(t testing.TB, text string) {
	t.Helper()
	if os.Getenv("BGGEN_REQUIRE_SERVICES") == "1" {
		t.Fatal(text)
	}
	t.Skip(text)
}
