package dashboard

import (
	"cmp"
	"fmt"
	"time"

	"github.com/bggen/bggen/runtime/engine"
)

// storedSections are what the page shows of the engine of that number.
func storedSections(n int, e stored, now time.Time) []section {
	of := func(state engine.State, total int, sec section) section {
		sec.Key = fmt.Sprintf("engine-%d-%s", n, state)
		sec.Title = fmt.Sprintf("%s in %s", sec.Title, e.Name)
		sec.Rows = []row{}
		if e.Error != "" {
			sec.Empty = "Not known: " + clip(e.Error, 300)
			return sec
		}
		sec.Count = thousands(total)
		for _, t := range e.Tasks {
			if t.State == state && len(sec.Rows) < mostRows {
				r := storedRow(t, now)
				r.Act = sec.Act != "" && t.ID != ""
				r.Key = cmp.Or(r.Key, fmt.Sprint(len(sec.Rows)))
				sec.Rows = append(sec.Rows, r)
			}
		}
		if beyond := total - len(sec.Rows); beyond > 0 {
			sec.More = fmt.Sprintf("and %s more", thousands(beyond))
		}
		return sec
	}
	return []section{
		of(engine.Running, e.Running, section{Title: "Running", Time: "For", Act: e.cancel, Empty: "Nothing runs, in any process."}),
		of(engine.Failed, e.Failed, section{Title: "Failed", Time: "When", Fails: true, Act: e.retry, Empty: "Nothing has failed."}),
		of(engine.Queued, e.Queued, section{Title: "Waiting", Time: "Due", Fails: true, Act: e.cancel, Empty: "Nothing waits."}),
	}
}

func storedRow(t storedTask, now time.Time) row {
	r := row{
		Key: t.ID, Name: shortName(t.Name), Full: fullName(t.Name), Handler: shortName(t.Handler), Attempt: fmt.Sprint(t.Attempt),
		Args: string(t.Args), Error: clip(t.Error, 300),
	}
	if t.At == nil {
		return r
	}
	switch {
	case t.State == engine.Running:
		r.Time = seconds(max(now.Sub(*t.At), 0).Seconds())
	case t.At.After(now):
		r.Time = "in " + seconds(t.At.Sub(now).Seconds())
	default:
		r.Time = ago(*t.At, now)
	}
	return r
}
