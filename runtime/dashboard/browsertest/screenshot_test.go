package browsertest

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"image"
	"image/color"
	"image/png"
	"log/slog"
	"maps"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/bggen/bggen/runtime"
	"github.com/bggen/bggen/runtime/dashboard"
	"github.com/bggen/bggen/runtime/dashboard/internal/dashtest"
	"github.com/bggen/bggen/runtime/engine"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

var pictures = flag.String("screenshots", "", "directory to write the screenshots to")

// TestScreenshots makes the pictures of the documentation, in two minutes:
//
//	go test -run Screenshots . -args -screenshots ../screenshots
func TestScreenshots(t *testing.T) {
	if *pictures == "" {
		t.Skip("no -screenshots")
	}
	runner := &runtime.Runner{Logger: slog.New(slog.DiscardHandler), Engines: map[string]engine.Engine{"river": stored()}}
	s := dashtest.Serve(t, runner, dashboard.New(runner, dashboard.Actions(), dashboard.Arguments()))
	work(t, s)
	b := browse(t, s.URL).live()
	stream := s.Watch()
	for range 110 { // for the charts to show something
		stream.Next()
	}
	shot := func(name, scheme string, width, height int64, scale float64, mobile bool) {
		var picture []byte
		b.run(emulation.SetEmulatedMedia().WithFeatures([]*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}}),
			emulation.SetDeviceMetricsOverride(width, height, scale, mobile), chromedp.CaptureScreenshot(&picture))
		picture = small(t, picture)
		if err := os.WriteFile(filepath.Join(*pictures, name), picture, 0o644); err != nil {
			t.Fatal(err)
		}
		if wide := b.text("document.documentElement.scrollWidth > innerWidth"); wide == "true" {
			t.Errorf("%s has to be scrolled to the side", name)
		}
		t.Log(name, len(picture)>>10, "kB")
	}
	shot("light.png", "light", 1160, 1060, 1, false)
	shot("dark.png", "dark", 1160, 1060, 1, false)
	shot("phone.png", "light", 390, 1080, 1.25, true)
	b.run(emulation.SetDeviceMetricsOverride(1160, 760, 1, false), // which moves the page
		chromedp.Evaluate("document.querySelector('#engine-0-running').scrollIntoView(), scrollBy(0, -24)", nil))
	shot("engine.png", "light", 1160, 760, 1, false)
	b.run(chromedp.Evaluate("scrollTo(0, 0)", nil), chromedp.Click("#failed tbody button", chromedp.ByQuery))
	shot("dialog.png", "light", 1160, 1060, 1, false)
	b.run(chromedp.Click("#ask [value=no]", chromedp.ByQuery))
	b.follow("#failed tr:last-child a")
	shot("failure.png", "light", 1200, 900, 1, false)
}

// work has the runner do what a shop does.
func work(t *testing.T, s *dashtest.Site) {
	const path = "example.com/shop/"
	stop := make(chan bool)
	t.Cleanup(func() { close(stop) })
	wait := func(d time.Duration, err error) func(context.Context) error {
		return func(ctx context.Context) error {
			select {
			case <-time.After(d):
			case <-ctx.Done():
			}
			return err
		}
	}
	ms := time.Millisecond
	s.Add(countOrder, runtime.Named(path+"orders.Count"))
	s.Add(wait(ms, errors.New("550 5.1.1 <bob@example.com>: Recipient address rejected: User unknown")), runtime.Named(path+"mails.SendReceipt"))
	s.Add(wait(time.Hour, nil), runtime.Named(path+"pictures.Resize"))
	for _, d := range []time.Duration{42 * time.Minute, 3 * time.Hour} {
		s.Add(wait(ms, nil), runtime.Named(path+"mails.AskForReview"), runtime.Delay(d))
	}
	s.Add(wait(ms, runtime.RetryAfter(errors.New("402 card declined, try later"), 8*time.Minute)), runtime.Named(path+"orders.Capture"), runtime.Attempts(5))
	s.Do(func(bg *runtime.BackgroundTasks) {
		bg.Add(wait(time.Hour, nil), runtime.Named(path+"search.Reindex"))
		bg.Add(wait(ms, nil), runtime.Named(path+"search.Warm"))
		bg.Add(wait(ms, nil), runtime.Named(path+"audit.Write"))
	})
	go func() {
		for i := 0; ; i++ {
			select {
			case <-stop:
				return
			case <-time.After(20 * ms):
			}
			tide := 1 + math.Sin(float64(i)/300) // of customers
			if rand.Float64() < tide {
				s.Add(wait(rand.N(9*ms), nil), runtime.Named(path+"audit.Write"))
			}
			if rand.Float64() < tide/4 {
				s.Add(wait(30*ms+rand.N(time.Duration(60*tide+1)*ms), nil), runtime.Named(path+"mails.SendReceipt"))
			}
			if rand.Float64() < tide/9 {
				s.Add(wait(50*ms+rand.N(200*ms), nil), runtime.Named(path+"pictures.Resize"))
			}
		}
	}()
}

// stored is an engine that has what a shop's has.
func stored() *dashtest.Engine {
	e := new(dashtest.Engine)
	now := time.Now()
	task := func(id, name string, state engine.State, attempt int, at time.Duration, args, failure string) engine.Task {
		t := engine.Task{ID: id, Args: json.RawMessage(args), At: now.Add(at)}
		t.Status = engine.Status{Name: "example.com/shop/" + name, Handler: "example.com/shop/orders.Place", State: state, Attempt: attempt}
		if failure != "" {
			t.Err = errors.New(failure)
		}
		return t
	}
	tasks := []engine.Task{
		task("A", "pictures.Resize", engine.Running, 1, -4*time.Second, `{"key":"teapot.jpg","sizes":[64,256,1024]}`, ""),
		task("B", "orders.Capture", engine.Running, 2, 95*time.Second, `{"order":4711}`, ""),
		task("C", "mails.SendReceipt", engine.Failed, 3, -25*time.Minute, `{"id":4702,"to":"bob@example.invalid"}`, "450 bob@example.invalid: the domain is not known, try later"),
		task("D", "orders.Capture", engine.Queued, 1, 100*time.Second, `{"order":4709}`, "402 card declined, try later"),
		task("E", "mails.AskForReview", engine.Queued, 0, 3*time.Hour, `{"order":4698}`, ""),
	}
	e.Has(func(context.Context) (engine.Listing, error) {
		return engine.Listing{Tasks: tasks, Total: map[engine.State]int{engine.Running: 2, engine.Failed: 1, engine.Queued: 1204}}, nil
	})
	return e
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
