package dashboard

import (
	"context"
	"net/url"
	"slices"
	"sync"
	"time"

	"github.com/bggen/bggen/runtime/engine"
)

// A found is a task, as a page shows it and as its source does.
type found struct {
	task
	item engine.Item
}

// A sheet is some tasks of all sources.
type sheet struct {
	tasks    []found
	next     cursor
	searched int
	failures []notice // sources that cannot be asked
}

// enough is how long a source is asked for more, where a filter leaves out most of what
// it has looked through.
const enough = 40 * time.Millisecond

// some is up to so many tasks of a source from a cursor on.
func (d *dashboard) some(ctx context.Context, s *source, f engine.Filter) (list []found, p engine.Page, err error) {
	began := time.Now()
	most := f.Most
	for {
		page, err := s.browser.Browse(ctx, f)
		if err != nil {
			return nil, p, err
		}
		for _, t := range page.Items[:min(len(page.Items), f.Most)] {
			list = append(list, found{d.taskOf(s, t), t})
		}
		p.Next = page.Next
		p.Searched += page.Searched
		f.After, f.Most = page.Next, most-len(list)
		if page.Next == "" || f.Most == 0 || time.Since(began) > enough {
			return list, p, nil
		}
	}
}

// linkTo is the search for an id, which leads to the page of its task, whoever has it.
func linkTo(id string) string { return "list?" + url.Values{"text": {id}}.Encode() }

// A part is what one source has for a page.
type part struct {
	source *source
	list   []found
	page   engine.Page
	err    error
}

// find is a page of the tasks of all sources that f asks for. Each source is asked for a
// whole page, and the first ones of all are taken.
func (d *dashboard) find(ctx context.Context, f filter, most int) sheet {
	parts := d.parts(ctx, f, most)
	x := sheet{next: cursor{}}
	from := cursorOf(f.After)
	for _, p := range parts {
		if p.err != nil {
			x.failures = append(x.failures, notice{p.source.title(), "cannot be asked: " + p.err.Error(), true})
			continue
		}
		x.searched += p.page.Searched
		x.tasks = append(x.tasks, p.list...)
		if p.page.Next != "" {
			x.next[p.source.title()] = p.page.Next
		}
	}
	order := orderOf(f.Stage)
	slices.SortStableFunc(x.tasks, func(a, b found) int { return order(a.item, b.item) })
	if len(x.tasks) > most {
		x.tasks = x.tasks[:most]
		d.cut(ctx, f, parts, &x)
	}
	for _, p := range parts { // one that could not be asked is asked again for the next page
		if p.err != nil && len(x.next) > 0 {
			x.next[p.source.title()] = from[p.source.title()]
		}
	}
	return x
}

// parts asks the sources side by side.
func (d *dashboard) parts(ctx context.Context, f filter, most int) (parts []part) {
	from := cursorOf(f.After)
	for _, s := range d.sources {
		_, more := from[s.title()]
		if s.browser != nil && (f.Engine == "" || f.Engine == s.title()) && (from == nil || more) {
			parts = append(parts, part{source: s})
		}
	}
	var all sync.WaitGroup
	for i := range parts {
		all.Go(func() { parts[i] = d.ask(ctx, parts[i].source, f, most) })
	}
	all.Wait()
	return parts
}

// ask asks a source for its part of a page.
func (d *dashboard) ask(ctx context.Context, s *source, f filter, most int) part {
	ef := f.of(cursorOf(f.After)[s.title()])
	ef.Most = most
	p, err := within(ctx, s, func(ctx context.Context) (part, error) {
		list, page, err := d.some(ctx, s, ef)
		return part{list: list, page: page}, err
	})
	p.source, p.err = s, err
	return p
}

// cut says where the next page of each source begins of which the page has not all that
// was found.
func (d *dashboard) cut(ctx context.Context, f filter, parts []part, x *sheet) {
	count := map[string]int{}
	for _, t := range x.tasks {
		count[t.Engine]++
	}
	for _, p := range parts {
		title := p.source.title()
		switch n := count[title]; {
		case p.err != nil || n == len(p.list):
		case n == 0:
			x.next[title] = cursorOf(f.After)[title]
		default: // where a page of so many tasks ends
			if again := d.ask(ctx, p.source, f, n); again.err == nil {
				x.next[title] = again.page.Next
			}
		}
	}
}
