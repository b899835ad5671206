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
		if e.Error != "" {
			sec.Rows, sec.Empty = []row{}, "Not known: "+clip(e.Error, 300)
			return sec
		}
		var tasks []task
		for _, t := range e.Tasks {
			if t.State == state {
				tasks = append(tasks, t)
			}
		}
		return taskSection(sec, tasks, total, now)
	}
	return []section{
		of(engine.Running, e.Running, section{Title: "Running", Time: "For", Act: e.cancel, Empty: "Nothing runs, in any process."}),
		of(engine.Failed, e.Failed, section{Title: "Failed", Time: "When", Fails: true, Act: e.retry, Empty: "Nothing has failed."}),
		of(engine.Queued, e.Queued, section{Title: "Waiting", Time: "Due", Fails: true, Act: e.cancel, Empty: "Nothing waits."}),
	}
}

// taskSection lists tasks, of which there are so many in total.
func taskSection(sec section, tasks []task, total int, now time.Time) section {
	sec.Count = thousands(total)
	sec.Rows = []row{}
	for i, t := range tasks[:min(len(tasks), mostRows)] {
		sec.Rows = append(sec.Rows, row{
			Key: cmp.Or(t.ID, fmt.Sprint(i)), Name: shortName(t.Name), Full: fullName(t.Name), Handler: shortName(t.Handler),
			Attempt: fmt.Sprint(t.Attempt), Time: timeOf(t, now), Args: string(t.Args), Error: clip(t.Error, 300),
			Act: sec.Act != "" && t.ID != "",
		})
	}
	if beyond := total - len(sec.Rows); beyond > 0 {
		sec.More = fmt.Sprintf("and %s more", thousands(beyond))
	}
	return sec
}

func timeOf(t task, now time.Time) string {
	switch {
	case t.At == nil:
		return ""
	case t.State == engine.Running:
		return seconds(max(now.Sub(*t.At), 0).Seconds())
	case t.At.After(now):
		return "in " + seconds(t.At.Sub(now).Seconds())
	case t.State == engine.Queued && now.Sub(*t.At) < time.Second:
		return "now"
	}
	return ago(*t.At, now)
}
