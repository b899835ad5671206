package scan

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/bggen/bggen/generator/internal/diag"
)

// taskOptions are those of a task directive.
var taskOptions = []option{
	text("name", func(o *TaskOptions) *string { return &o.Name }),
	text("engine", func(o *TaskOptions) *string { return &o.Engine }),
	text("queue", func(o *TaskOptions) *string { return &o.Queue }),
	duration("timeout", func(o *TaskOptions) *time.Duration { return &o.Timeout }),
	duration("backoff", func(o *TaskOptions) *time.Duration { return &o.Backoff }),
	number("attempts", func(o *TaskOptions) *int { return &o.Attempts }),
	number("limit", func(o *TaskOptions) *int { return &o.Limit }),
	{key: "args", want: "a list of names, one for each argument: args=image_key,sizes", set: func(t *target, value string) (ok bool) {
		t.f.Task.KeywordsAt = t.at
		t.f.Task.Keywords, ok = listOf(value, token.IsIdentifier)
		return ok
	}},
	{key: "was", want: "a name that the task had before, or several: was=example.com/shop.OldName,other.name", set: func(t *target, value string) (ok bool) {
		t.f.Task.Was, ok = listOf(value, func(name string) bool { return name != "" })
		return ok
	}},
}

// listOf reads names with commas between them, each of which fits, and none twice.
func listOf(value string, fits func(string) bool) (list []string, ok bool) {
	for name := range strings.SplitSeq(value, ",") {
		if !fits(name) || slices.Contains(list, name) {
			return nil, false
		}
		list = append(list, name)
	}
	return list, true
}

func text(key string, field func(*TaskOptions) *string) option {
	return option{key: key, want: "a name", set: func(t *target, value string) bool {
		*field(&t.f.Task) = value
		return value != ""
	}}
}

func duration(key string, field func(*TaskOptions) *time.Duration) option {
	return option{key: key, want: "a duration with a unit, such as 30s or 5m", hint: withUnit, set: func(t *target, value string) bool {
		d, err := time.ParseDuration(value)
		*field(&t.f.Task) = d
		return err == nil && d > 0
	}}
}

// withUnit is the hint for a value that lacks the unit only.
func withUnit(value string) string {
	if d, err := time.ParseDuration(value + "s"); err == nil && d > 0 {
		return "write " + value + "s for seconds"
	}
	return "write 30s or 5m, for example"
}

func number(key string, field func(*TaskOptions) *int) option {
	return option{key: key, want: "a number, from 1 on", set: func(t *target, value string) bool {
		n, err := strconv.Atoi(value)
		*field(&t.f.Task) = n
		return err == nil && n > 0
	}}
}

// externalTask adds a named func type with a task directive: a task whose code
// is not Go.
func (s *scanner) externalTask(spec *ast.TypeSpec, d directive) {
	where := s.rangeOf(spec.Name.Pos(), spec.Name.End())
	obj, _ := s.object(spec.Name, nil).(*types.TypeName)
	fn, ok := spec.Type.(*ast.FuncType)
	if obj == nil || !ok || spec.TypeParams != nil || spec.Assign.IsValid() {
		s.report(diag.New(diag.MisplacedDirective, where, "%s stands on %s, which is neither a function nor a named func type", d, spec.Name.Name).
			WithHint("write type %s func(key string), with the arguments of the task as it is known elsewhere", spec.Name.Name))
		return
	}
	f := &Func{
		Range: where, Name: spec.Name.Name, Exported: spec.Name.IsExported(), Pkg: s.load.Types,
		Role: Task, Constraint: s.constraint, ResultsAt: where, Task: TaskOptions{External: true},
	}
	s.options(&target{place: onType, f: f}, d, 0)
	s.parameters(f, fn, obj.Type().Underlying().(*types.Signature))
	if len(f.Results) > 0 {
		s.report(diag.New(diag.BadTask, f.ResultsAt, "task %s returns a value, and runs elsewhere", f.Name).
			WithHint("leave the results away: its engine may tell them by the task's id"))
	}
	s.pkg.Funcs = append(s.pkg.Funcs, f)
}
