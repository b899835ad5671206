package scan

import (
	"go/ast"
	"go/types"
	"strconv"
	"strings"
	"time"

	"github.com/bggen/bggen/generator/internal/diag"
)

// taskOption reads one argument of a task directive.
func (s *scanner) taskOption(o *TaskOptions, d directive, arg argument) {
	key, value, _ := strings.Cut(arg.text, "=")
	taken, ok, want := false, false, ""
	text := func(field *string) {
		taken, ok, want = *field != "", value != "", "a name"
		*field = value
	}
	duration := func(field *time.Duration) {
		var err error
		taken, want = *field != 0, "a duration such as 30s or 5m"
		*field, err = time.ParseDuration(value)
		ok = err == nil && *field > 0
	}
	number := func(field *int) {
		var err error
		taken, want = *field != 0, "a number, from 1 on"
		*field, err = strconv.Atoi(value)
		ok = err == nil && *field > 0
	}
	switch key {
	case "name":
		text(&o.Name)
	case "engine":
		text(&o.Engine)
	case "queue":
		text(&o.Queue)
	case "timeout":
		duration(&o.Timeout)
	case "backoff":
		duration(&o.Backoff)
	case "attempts":
		number(&o.Attempts)
	case "limit":
		number(&o.Limit)
	case "args":
		taken, ok, want = o.Keywords != nil, o.External && value != "", "the keywords of a task on a func type: args=image_key,sizes"
		o.Keywords = strings.Split(value, ",")
	default:
		s.badArgument(d, arg)
		return
	}
	if taken {
		s.report(diag.New(diag.DirectiveArgument, arg.Range, "%s= is given twice", key).WithHint("keep one of them"))
	} else if !ok {
		s.report(diag.New(diag.DirectiveArgument, arg.Range, "%s= is not %s", key, want).WithHint("%s= takes %s", key, want))
	}
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
	s.arguments(f, d)
	s.parameters(f, fn, obj.Type().Underlying().(*types.Signature))
	if len(f.Results) > 0 {
		s.report(diag.New(diag.BadTask, f.ResultsAt, "task %s returns a value, and runs elsewhere", f.Name).
			WithHint("leave the results away: its engine may tell them by the task's id"))
	}
	if n := len(f.Task.Keywords); n > 0 && n != len(f.Params) {
		s.report(diag.New(diag.DirectiveArgument, d.Range, "args= has %d names for %d parameters", n, len(f.Params)).
			WithHint("it names each parameter, in their order"))
		return
	}
	s.pkg.Funcs = append(s.pkg.Funcs, f)
}
