package asynq

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/bggen/bggen/runtime/engine"
	hibiken "github.com/hibiken/asynq"
)

// A shelf is where the tasks of a stage are in a queue.
type shelf struct {
	list   func(*hibiken.Inspector, string, ...hibiken.ListOption) ([]*hibiken.TaskInfo, error)
	count  func(*hibiken.QueueInfo) int
	newest bool // they come the oldest first, and are wanted the other way round
}

var shelves = map[engine.Stage]shelf{
	engine.StageRunning:  {(*hibiken.Inspector).ListActiveTasks, func(q *hibiken.QueueInfo) int { return q.Active }, false},
	engine.StageWaiting:  {(*hibiken.Inspector).ListPendingTasks, func(q *hibiken.QueueInfo) int { return q.Pending }, false},
	engine.StageDelayed:  {(*hibiken.Inspector).ListScheduledTasks, func(q *hibiken.QueueInfo) int { return q.Scheduled }, false},
	engine.StageRetrying: {(*hibiken.Inspector).ListRetryTasks, func(q *hibiken.QueueInfo) int { return q.Retry }, false},
	engine.StageFailed:   {(*hibiken.Inspector).ListArchivedTasks, func(q *hibiken.QueueInfo) int { return q.Archived }, true},
	engine.StageDone:     {(*hibiken.Inspector).ListCompletedTasks, func(q *hibiken.QueueInfo) int { return q.Completed }, true},
}

// searched is how many tasks a page looks through for a name or a text.
const searched = 1000

// Browse returns tasks of the engine's queues, those of other clients too. A cursor
// says how many tasks of each queue have been shown: where tasks come and go in
// between, some are shown twice or left out.
func (e *Engine) Browse(ctx context.Context, f engine.Filter) (engine.Page, error) {
	return within(ctx, func() (engine.Page, error) {
		s, ok := shelves[f.Stage]
		if !ok {
			return engine.Page{}, nil
		}
		queues, err := e.known()
		if err != nil {
			return engine.Page{}, err
		}
		if f.Queue != "" {
			queues = slices.DeleteFunc(queues, func(q string) bool { return q != f.Queue })
		}
		most := min(max(f.Most, 1), 1000)
		window := most
		if f.Name != "" || f.Text != "" {
			window = searched
		}
		shown := offsets(f.After, queues)
		var all []*hibiken.TaskInfo
		for _, queue := range queues {
			some, err := e.read(s, queue, shown[queue], window)
			if err != nil {
				return engine.Page{}, err
			}
			all = append(all, some...)
		}
		slices.SortStableFunc(all, func(a, b *hibiken.TaskInfo) int {
			if s.newest {
				a, b = b, a
			}
			return timeOf(a).Compare(timeOf(b))
		})
		more := len(all) > window
		var p engine.Page
		for _, t := range all[:min(len(all), window)] {
			shown[t.Queue]++
			p.Searched++
			if item := itemOf(t); fits(item, f) {
				p.Items = append(p.Items, item)
			}
			if len(p.Items) == most {
				more = more || p.Searched < len(all)
				break
			}
		}
		more = more || slices.ContainsFunc(queues, func(q string) bool { return e.size(s, q) > shown[q] })
		if p.Searched > 0 && more {
			p.Next = cursor(shown, queues)
		}
		if f.Stage == engine.StageRunning {
			err = e.addStarted(p.Items)
		}
		return p, err
	})
}

// known are the queues of the engine in which something was stored.
func (e *Engine) known() (queues []string, err error) {
	known, err := e.inspector.Queues()
	for _, queue := range e.config.queueNames() {
		if slices.Contains(known, queue) {
			queues = append(queues, queue)
		}
	}
	return queues, err
}

// offsets are how many tasks of each queue a cursor says were shown.
func offsets(cursor string, queues []string) map[string]int {
	shown := map[string]int{}
	for i, text := range strings.Split(cursor, "-") {
		if n, err := strconv.Atoi(text); err == nil && n > 0 && i < len(queues) {
			shown[queues[i]] = n
		}
	}
	return shown
}

func cursor(shown map[string]int, queues []string) string {
	var all []string
	for _, queue := range queues {
		all = append(all, strconv.Itoa(shown[queue]))
	}
	return strings.Join(all, "-")
}

// size is how many tasks a queue has on a shelf, 0 if that is not known.
func (e *Engine) size(s shelf, queue string) int {
	info, err := e.inspector.GetQueueInfo(queue)
	if err != nil {
		return 0
	}
	return s.count(info)
}

// read returns so many tasks of a queue after those that were shown.
func (e *Engine) read(s shelf, queue string, shown, n int) ([]*hibiken.TaskInfo, error) {
	if !s.newest {
		return e.between(s, queue, shown, shown+n)
	}
	last := e.size(s, queue) - shown
	list, err := e.between(s, queue, max(last-n, 0), last)
	slices.Reverse(list)
	return list, err
}

// between returns the tasks from one index to another: of whole pages, which is all
// that asynq lists.
func (e *Engine) between(s shelf, queue string, from, to int) (list []*hibiken.TaskInfo, err error) {
	size := to - from
	if size <= 0 {
		return nil, nil
	}
	first := from / size
	for page := first; page*size < to; page++ {
		some, err := s.list(e.inspector, queue, hibiken.PageSize(size), hibiken.Page(page+1))
		if err != nil {
			return nil, err
		}
		list = append(list, some...)
	}
	begin := min(from-first*size, len(list))
	return list[begin:min(begin+size, len(list))], nil
}

// timeOf is what the tasks of a shelf are in the order of; zero: as they come.
func timeOf(t *hibiken.TaskInfo) time.Time {
	switch t.State {
	case hibiken.TaskStateScheduled, hibiken.TaskStateRetry:
		return t.NextProcessAt
	case hibiken.TaskStateArchived:
		return t.LastFailedAt
	case hibiken.TaskStateCompleted:
		return t.CompletedAt
	}
	return time.Time{}
}

// fits reports whether a task is wanted.
func fits(t engine.Item, f engine.Filter) bool {
	if f.Name != "" && t.Name != f.Name {
		return false
	}
	text := strings.ToLower(f.Text)
	failure := ""
	if t.Err != nil {
		failure = t.Err.Error()
	}
	return text == "" || strings.Contains(strings.ToLower(t.ID), text) || strings.Contains(strings.ToLower(failure), text)
}

// itemOf is all that asynq says of a task.
func itemOf(info *hibiken.TaskInfo) engine.Item {
	t := engine.Item{Task: listed(info), Key: info.Queue + "/" + info.ID, Queue: info.Queue, Attempts: info.MaxRetry + 1, Meta: info.Headers}
	var h head
	if text, ours := info.Headers[headCall]; ours && json.Unmarshal([]byte(text), &h) == nil {
		t.Attempts = h.Attempts
	}
	if !info.LastFailedAt.IsZero() {
		t.Failures = []engine.Attempt{{At: info.LastFailedAt, Number: tallyOf(info).Failed, Error: info.LastErr}}
	}
	switch info.State {
	case hibiken.TaskStateActive:
		t.Stage, t.Can = engine.StageRunning, []engine.Action{engine.ActionCancel}
	case hibiken.TaskStateScheduled:
		t.Stage, t.Due = engine.StageDelayed, info.NextProcessAt
		t.Can = []engine.Action{engine.ActionRun, engine.ActionCancel, engine.ActionDelete}
	case hibiken.TaskStateRetry:
		t.Stage, t.Due = engine.StageRetrying, info.NextProcessAt
		t.Can = []engine.Action{engine.ActionRun, engine.ActionCancel, engine.ActionDelete}
	case hibiken.TaskStateArchived:
		t.Stage, t.Ended = engine.StageFailed, info.LastFailedAt
		t.Can = []engine.Action{engine.ActionRetry, engine.ActionDelete}
	case hibiken.TaskStateCompleted:
		t.Stage, t.Ended = engine.StageDone, info.CompletedAt
		t.Can = []engine.Action{engine.ActionDelete}
	default:
		t.Stage, t.Can = engine.StageWaiting, []engine.Action{engine.ActionCancel, engine.ActionDelete}
	}
	return t
}

// addStarted adds when tasks began that run, and where: the servers know it.
func (e *Engine) addStarted(items []engine.Item) error {
	servers, err := e.inspector.Servers()
	for _, server := range servers {
		for _, w := range server.ActiveWorkers {
			for i := range items {
				if t := &items[i]; t.ID == w.TaskID && t.Stage == engine.StageRunning {
					t.Started, t.At, t.Process = w.Started, w.Started, server.ID
				}
			}
		}
	}
	return err
}

// Counts is how many tasks of each stage the queues have.
func (e *Engine) Counts(ctx context.Context) (map[engine.Stage]engine.Count, error) {
	return within(ctx, func() (map[engine.Stage]engine.Count, error) {
		counts := map[engine.Stage]engine.Count{}
		for stage := range shelves {
			counts[stage] = engine.Count{}
		}
		queues, err := e.known()
		for _, queue := range queues {
			info, err := e.inspector.GetQueueInfo(queue)
			if err != nil {
				return nil, err
			}
			for stage, s := range shelves {
				counts[stage] = engine.Count{N: counts[stage].N + s.count(info)}
			}
		}
		return counts, err
	})
}

// Look returns the task of a key, or of an id.
func (e *Engine) Look(ctx context.Context, key string) (engine.Item, bool, error) {
	info, err := e.look(ctx, key)
	if err != nil || info == nil {
		return engine.Item{}, false, err
	}
	items := []engine.Item{itemOf(info)}
	if info.State == hibiken.TaskStateActive {
		err = do(ctx, func() error { return e.addStarted(items) })
	}
	return items[0], true, err
}

func (e *Engine) look(ctx context.Context, key string) (*hibiken.TaskInfo, error) {
	queue, id, ok := strings.Cut(key, "/")
	if !ok || !slices.Contains(e.config.queueNames(), queue) {
		return e.find(ctx, key)
	}
	return within(ctx, func() (*hibiken.TaskInfo, error) {
		info, err := e.inspector.GetTaskInfo(queue, id)
		if errors.Is(err, hibiken.ErrTaskNotFound) || errors.Is(err, hibiken.ErrQueueNotFound) {
			return nil, nil
		}
		return info, err
	})
}
