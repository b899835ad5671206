package browsertest

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"maps"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/bggen/bggen/runtime"
	"github.com/bggen/bggen/runtime/adapter"
	"github.com/bggen/bggen/runtime/cron"
	"github.com/bggen/bggen/runtime/dashboard"
	"github.com/bggen/bggen/runtime/dashboard/internal/dashtest"
	"github.com/bggen/bggen/runtime/engine"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

var pictures = flag.String("screenshots", "", "directory to write the screenshots to")

// TestScreenshots makes the pictures of the documentation:
//
//	go test -trimpath -run Screenshots . -args -screenshots ../screenshots
//
// Without a directory it only sees to it that no page has to be scrolled to the side.
func TestScreenshots(t *testing.T) {
	e := new(dashtest.Store)
	runner := &runtime.Runner{Logger: dashtest.Quiet, Engines: map[string]engine.Engine{"river": e}}
	s := dashtest.Serve(t, runner, dashboard.New(runner, dashboard.Actions(), dashboard.Arguments()))
	b := browse(t, s.URL).live()
	shot := func(name, path, scheme string, width, height int64, scale float64, mobile bool) {
		t.Helper()
		var picture []byte
		b.run(emulation.SetEmulatedMedia().WithFeatures([]*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}}),
			emulation.SetDeviceMetricsOverride(width, height, scale, mobile), chromedp.Navigate(s.URL+path))
		if b.text("document.body.dataset.events") != "" { // or it is no page that changes
			b.live()
		}
		b.run(chromedp.CaptureScreenshot(&picture))
		if wide := b.text("document.documentElement.scrollWidth > innerWidth"); wide == "true" {
			t.Errorf("%s has to be scrolled to the side", name)
		}
		if *pictures == "" {
			return
		}
		picture = small(t, picture)
		if err := os.WriteFile(filepath.Join(*pictures, name), picture, 0o644); err != nil {
			t.Fatal(err)
		}
		t.Log(name, len(picture)>>10, "kB")
	}
	shot("empty.png", "", "light", 1160, 420, 1, false)
	work(s)
	fill(e)
	s.Until("it is counted", func() bool { return s.List("").Counts["failed"].N == 8 })
	shot("busy.png", "", "light", 1160, 1060, 1, false)
	shot("day.png", "?range=day", "light", 1160, 1060, 1, false)
	shot("dark.png", "", "dark", 1160, 1060, 1, false)
	shot("phone.png", "", "light", 390, 900, 1.25, true)
	shot("list.png", "list?stage=failed", "light", 1160, 760, 1, false)
	shot("listdark.png", "list?stage=running", "dark", 1160, 560, 1, false)
	shot("listphone.png", "list?stage=failed", "dark", 390, 900, 1.25, true)
	shot("queues.png", "queues", "light", 1160, 320, 1, false)
	shot("processes.png", "processes", "light", 1160, 520, 1, false)
	shot("schedules.png", "schedules", "light", 1160, 300, 1, false)
	shot("bulk.png", "bulk?do=retry&stage=failed", "light", 1160, 420, 1, false)
	id := s.List("stage=failed&engine=this+process").Tasks[0].Key
	shot("task.png", "task?engine=this+process&key="+id, "light", 1160, 860, 1, false)
}

const shop = "example.com/shop/"

// work has the runner do what a shop does, and have done it for a day.
func work(s *dashtest.Site) {
	now := time.Now()
	random := rand.New(rand.NewPCG(1, 2))
	count := func(name string, at time.Time, most float64, took time.Duration, failing float64) {
		for range int(most * (0.7 + 0.6*random.Float64())) {
			d := time.Duration(float64(took) * math.Exp(0.5*random.NormFloat64()))
			s.Runner.Core().Measured(shop+name, at, d, random.Float64() < failing)
		}
	}
	for m := 24 * 60; m >= 0; m-- {
		at := now.Add(-time.Duration(m) * time.Minute)
		tide := 1 + 0.8*math.Sin(float64(m)/220)
		if m == 0 { // the present minute is not over
			tide *= float64(now.Second()) / 60
		}
		trouble, slow := 0.004, time.Duration(1)
		if m > 12 && m < 31 { // the mail server is busy
			trouble, slow = 0.35, 6
		}
		count("mails.SendReceipt", at, 40*tide, 180*time.Millisecond*slow, trouble)
		count("audit.Write", at, 70*tide, 3*time.Millisecond, 0)
		count("pictures.Resize", at, 6*tide, 2200*time.Millisecond, 0.01)
		if m%30 == 0 {
			count("search.Reindex", at, 1.5, 40*time.Second, 0)
		}
	}
	fails := func(err error) func(context.Context) error { return func(context.Context) error { return err } }
	s.Add(fails(runtime.RetryAfter(errors.New("402 card declined, try later"), 8*time.Minute)), runtime.Named(shop+"orders.Capture"), runtime.Attempts(5))
	for _, d := range []time.Duration{42 * time.Minute, 3 * time.Hour} {
		s.Add(fails(nil), runtime.Named(shop+"mails.AskForReview"), runtime.Delay(d))
	}
	periodic(s, "reports.Send", "30 2 * * 1-5")
	periodic(s, "search.Reindex", "*/30 * * * *")
	s.Block(shop + "pictures.Resize")
	s.Block(shop + "search.Reindex")
	s.Add(fails(nil), runtime.Named(shop+"audit.Write"))
	s.Add(countOrder, runtime.Named(shop+"orders.Count"), runtime.Attempts(2), runtime.Backoff(time.Nanosecond))
	s.Until("it has failed", func() bool { return s.Names("failed") != "" })
}

// periodic registers a task that runs by itself.
func periodic(s *dashtest.Site, name, expr string) {
	parsed, err := cron.Parse(expr)
	if err != nil {
		panic(err)
	}
	adapter.NewTaskDef[struct{}](shop+name).Periodic(func(runtime.Due) struct{} { return struct{}{} }, adapter.Cron(expr, parsed)).
		Register(s.Runner, func(context.Context, struct{}) error { return nil })
}

// fill has an engine have what a shop's has.
func fill(e *dashtest.Store) {
	now := time.Now()
	put := func(n int, name string, stage engine.Stage, state engine.State, attempt int, at time.Duration, args, failure string) {
		t := engine.Item{Key: fmt.Sprint(4700 + n), Stage: stage, Queue: "default", Attempts: 3, Added: now.Add(at - time.Second), Started: now.Add(at), Ended: now.Add(at), Due: now.Add(at), Process: "web-2"}
		t.ID, t.Name, t.Handler, t.State, t.Attempt, t.Args = fmt.Sprintf("ID%d", n), shop+name, shop+"orders.Place", state, attempt, json.RawMessage(args)
		t.Can = []engine.Action{engine.ActionRetry, engine.ActionDelete}
		if state == engine.Running {
			t.Can = []engine.Action{engine.ActionCancel}
		}
		if failure != "" {
			t.Err = errors.New(failure)
			t.Failures = []engine.Attempt{{At: t.Ended, Number: attempt, Error: failure}}
		}
		e.Put(t)
	}
	for i, to := range []string{"bob", "eve", "kim", "lee", "ann", "joe", "sue"} {
		put(i, "mails.SendReceipt", engine.StageFailed, engine.Failed, 3, -time.Duration(13+2*i)*time.Minute,
			fmt.Sprintf(`{"id":%d,"to":"%s@example.invalid"}`, 4702+i, to), "450 4.7.1 <"+to+"@example.invalid>: the server is busy, try later")
	}
	put(20, "pictures.Resize", engine.StageRunning, engine.Running, 1, -4*time.Second, `{"key":"teapot.jpg","sizes":[64,256,1024]}`, "")
	put(21, "orders.Capture", engine.StageRunning, engine.Running, 2, -95*time.Second, `{"order":4711}`, "")
	put(22, "orders.Capture", engine.StageRetrying, engine.Queued, 1, 100*time.Second, `{"order":4709}`, "402 card declined, try later")
	for i := range 12 {
		put(30+i, "mails.SendReceipt", engine.StageWaiting, engine.Queued, 0, -time.Duration(12-i)*time.Second, fmt.Sprintf(`{"id":%d}`, 4800+i), "")
	}
}

func countOrder(context.Context) error {
	orders := []int{}
	orders[len(orders)]++
	return nil
}

// small is a PNG with the 256 colors that it has most of.
func small(t *testing.T, picture []byte) []byte {
	t.Helper()
	full, err := png.Decode(bytes.NewReader(picture))
	if err != nil {
		t.Fatal(err)
	}
	count := map[color.Color]int{}
	for y := range full.Bounds().Dy() {
		for x := range full.Bounds().Dx() {
			count[full.At(x, y)]++
		}
	}
	colors := slices.SortedFunc(maps.Keys(count), func(a, b color.Color) int { return cmp.Compare(count[b], count[a]) })
	few := image.NewPaletted(full.Bounds(), colors[:min(len(colors), 256)])
	for y := range full.Bounds().Dy() {
		for x := range full.Bounds().Dx() {
			few.Set(x, y, full.At(x, y))
		}
	}
	var b bytes.Buffer
	if err := (&png.Encoder{CompressionLevel: png.BestCompression}).Encode(&b, few); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}
