package dashboard_test

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"flag"
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
	"github.com/bggen/bggen/runtime/dashboard"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

var pictures = flag.String("screenshots", "", "directory to write the screenshots to")

// TestScreenshots makes the pictures of the documentation, in two minutes:
//
//	go test -run Screenshots . -args -screenshots screenshots
func TestScreenshots(t *testing.T) {
	if *pictures == "" {
		t.Skip("no -screenshots")
	}
	s := newSite(t, dashboard.Actions())
	s.work()
	b := browse(t, s.url).live()
	stream := s.watch()
	for range 110 { // for the charts to show something
		stream.next()
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
	b.run(chromedp.Click("#failed tbody button", chromedp.ByQuery))
	shot("dialog.png", "light", 1160, 1060, 1, false)
	b.run(chromedp.Click("#ask [value=no]", chromedp.ByQuery))
	b.follow("#failed tr:last-child a")
	shot("failure.png", "light", 1200, 900, 1, false)
}

// work has the runner do what a shop does.
func (s *site) work() {
	const path = "example.com/shop/"
	stop := make(chan bool)
	s.t.Cleanup(func() { close(stop) })
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
	s.add(countOrder, runtime.Named(path+"orders.Count"))
	s.add(wait(ms, errors.New("550 5.1.1 <bob@example.com>: Recipient address rejected: User unknown")), runtime.Named(path+"mails.SendReceipt"))
	s.add(wait(time.Hour, nil), runtime.Named(path+"pictures.Resize"))
	for _, d := range []time.Duration{42 * time.Minute, 3 * time.Hour} {
		s.add(wait(ms, nil), runtime.Named(path+"mails.AskForReview"), runtime.Delay(d))
	}
	s.add(wait(ms, runtime.RetryAfter(errors.New("402 card declined, try later"), 8*time.Minute)), runtime.Named(path+"orders.Capture"), runtime.Attempts(5))
	s.do(func(bg *runtime.BackgroundTasks) {
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
				s.add(wait(rand.N(9*ms), nil), runtime.Named(path+"audit.Write"))
			}
			if rand.Float64() < tide/4 {
				s.add(wait(30*ms+rand.N(time.Duration(60*tide+1)*ms), nil), runtime.Named(path+"mails.SendReceipt"))
			}
			if rand.Float64() < tide/9 {
				s.add(wait(50*ms+rand.N(200*ms), nil), runtime.Named(path+"pictures.Resize"))
			}
		}
	}()
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
