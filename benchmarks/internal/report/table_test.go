package report

import (
	"math"
	"strings"
	"testing"
	"time"
)

func sample(noisy bool) *Comparison {
	p := &Part{}
	c := p.Compare("a title", "bare go", Metric{Name: "requests", Unit: "1/s"}, Metric{"p99", "ms", true})
	reference := []float64{1000, 1010, 990}
	if noisy {
		reference[2] = 700
	}
	for i, factor := range []float64{0.98, 0.5, 1.02} {
		c.Add("bare go", reference[i], 2)
		c.Add("bggen", reference[i]*factor, 2.5)
	}
	c.Skip("FastAPI", "apt-get install it")
	return c
}

func TestTable(t *testing.T) {
	want := `### a title

|  | requests, 1/s | ÷ bare go | p99, ms | ÷ bare go |
|---|---:|---:|---:|---:|
| bare go | 1 000 | 1 | 2 | 1 |
| bggen | 980 | 0.98 (0.50–1.02) | 2.50 | 1.25 (1.25–1.25) |
| FastAPI | skipped: apt-get install it |

Spread of bare go over the rounds: 2 %.
`
	if got := strings.ReplaceAll(sample(false).Markdown(), "\u2009", " "); got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
}

func TestTableSaysThatAMachineIsNoisy(t *testing.T) {
	if got := sample(true).Markdown(); !strings.Contains(got, "**Noisy machine.** Spread of bare go over the rounds: 31 %.") {
		t.Errorf("got\n%s", got)
	}
}

func TestNumber(t *testing.T) {
	for f, want := range map[float64]string{
		0: "0", 7: "7", 1.2345: "1.23", 0.012345: "0.0123", 12.345: "12.3", 123.45: "123",
		1234.5: "1\u2009234", 1234567: "1\u2009234\u2009567", -1234: "-1\u2009234", -123: "-123", math.NaN(): "",
	} {
		if got := Number(f); got != want {
			t.Errorf("Number(%v) = %q, want %q", f, got, want)
		}
	}
	for f, want := range map[float64]string{0.976: "0.98", 1.004: "1.00", 9.8: "9.80", 12.34: "12", 0.0123: "0.012", 123: "123"} {
		if got := quotient(f); got != want {
			t.Errorf("quotient(%v) = %q, want %q", f, got, want)
		}
	}
}

// A part that is measured again takes the place of the earlier one, and the
// others stay.
func TestReportIsUpdated(t *testing.T) {
	dir := t.TempDir()
	order := []string{"one", "two"}
	for i, name := range []string{"two", "one", "two"} {
		r, err := Read(dir)
		if err != nil {
			t.Fatal(err)
		}
		r.Put(&Part{Name: name, Title: name, Rounds: i + 1, Date: time.Unix(0, 0).UTC(), Comparisons: []*Comparison{sample(false)}}, order)
		if err := r.Write(dir); err != nil {
			t.Fatal(err)
		}
	}
	r, err := Read(dir)
	if err != nil || len(r.Parts) != 2 || r.Parts[0].Name != "one" || r.Parts[1].Rounds != 3 {
		t.Errorf("%+v, %v", r.Parts, err)
	}
	if got := r.Parts[1].Find("a title").Ratio("bggen", "requests").Median; math.Abs(got-0.98) > 1e-9 {
		t.Errorf("the ratio is %v", got)
	}
}

func TestShortName(t *testing.T) {
	for module, want := range map[string]string{"github.com/go-chi/chi/v5": "chi", "github.com/gin-gonic/gin": "gin", "pond": "pond"} {
		if got := shortName(module); got != want {
			t.Errorf("%s: %s", module, got)
		}
	}
}
