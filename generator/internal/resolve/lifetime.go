package resolve

import (
	"go/types"
	"slices"

	"github.com/bggen/bggen/generator/internal/diag"
	"github.com/bggen/bggen/generator/internal/gotype"
	"github.com/bggen/bggen/generator/internal/model"
	"github.com/bggen/bggen/generator/internal/scan"
)

// takesRequest reports whether a source is the request or the writer.
func takesRequest(s model.Source) bool { return s == model.Source(model.Request{}) || isWriter(s) }

// checkHold complains of a held provider that takes what ends with the request.
func (g *graph) checkHold(call *model.Call) {
	for i, v := range call.Args {
		if call.Cleanup == model.Hold && takesRequest(v) {
			p := call.Provider.Params[i]
			g.fail(diag.Lifetime, p, "%s is held until the tasks have ended, and takes %s, which ends before", call.Provider.FullName(), g.typeString(p.Type)).
				WithHint("take what it needs of the request as parameters of their own")
		}
	}
}

// checkLifetime complains of a provider whose value lives longer than one that
// it is made of.
func (g *graph) checkLifetime(call *model.Call) {
	if call.Cleanup == 0 {
		return
	}
	for i, v := range call.Args {
		made, ok := v.(*model.Call)
		if !ok {
			continue
		}
		if list := endingBefore(made, call.Cleanup); len(list) > 0 {
			early := list[0]
			g.fail(diag.Lifetime, call.Provider.Params[i], "%s %s, and is made of what %s makes, which %s",
				call.Provider.FullName(), call.Cleanup.Ends(), early.Provider.FullName(), early.Cleanup.Ends()).
				WithRelated(early.Provider.Start, "%s", early.Provider.FullName()).
				WithHint("give %s a value of its own to live with, or let %s end as late", call.Provider.FullName(), early.Provider.FullName())
		}
	}
}

// endingBefore are call, and those that it is made of, that end earlier than last.
func endingBefore(call *model.Call, last model.Cleanup) (list []*model.Call) {
	if call.Cleanup != 0 && call.Cleanup < last {
		list = append(list, call)
	}
	for _, v := range call.Args {
		if made, ok := v.(*model.Call); ok {
			list = append(list, endingBefore(made, last)...)
		}
	}
	return list
}

// checkCaptures complains of tasks that use what will have ended when they run.
func (g *graph) checkCaptures(f *scan.Func, args []model.Source) {
	for _, c := range f.Captures {
		p, v := f.Params[c.Param], args[c.Param]
		switch v := v.(type) {
		case model.Request, model.Writer:
			g.reportCapture(c, "the task uses %q of %s, and runs when the request is over", p.Name, f.FullName()).
				WithHint("copy what it needs before, or write a //bggen:task and pass that to its EnqueueX")
		case *model.Call:
			list := endingBefore(v, model.Hold)
			i := slices.IndexFunc(list, func(early *model.Call) bool { return early == v || canHold(p.Type, early.Provider.Results[0]) })
			if i >= 0 {
				early := list[i]
				g.reportCapture(c, "the task uses %q of %s; what %s makes %s, and the task runs later", p.Name, f.FullName(), early.Provider.FullName(), early.Cleanup.Ends()).
					WithHint("copy what it needs before; have a //bggen:task take a value of its own; or hold %s until the tasks have ended: //bggen:provide hold, with a func()", early.Provider.FullName())
			}
		}
	}
}

// canHold reports whether a value of type t may lead to the one that a provider of
// it was given: a repository holds its transaction, a user that was read with it
// does not.
func canHold(t, given types.Type) (can bool) {
	given = gotype.UnderPointers(given)
	gotype.Walk(t, func(t types.Type) bool {
		switch u := t.Underlying().(type) {
		case *types.Interface:
			can = can || !gotype.IsError(t)
		case *types.Signature, *types.Chan:
			can = true
		case *types.Basic:
			can = can || u.Kind() == types.UnsafePointer
		}
		can = can || types.Identical(t, given)
		return !can
	})
	return can
}

func (g *graph) reportCapture(c scan.Capture, format string, args ...any) *diag.Diagnostic {
	return g.report(diag.New(diag.Captured, c.Range, format, args...))
}

// warnLateSettle says what cannot be promised where a response is under way
// before everything is settled.
func (g *graph) warnLateSettle(h *model.Handler) {
	if k := h.Result.Kind; k != model.Own {
		return
	}
	for _, c := range g.calls {
		if c.Cleanup == model.Settle {
			g.report(diag.New(diag.LateSettle, h.Func.Range, "%s writes by itself, and what %s makes is settled when it has returned", h.Func.FullName(), c.Provider.FullName()).
				WithRelated(c.Provider.Start, "%s", c.Provider.FullName()).
				WithHint("if settling fails then, the connection is aborted, and the client may have seen a part of the response: return a value to have it written after settling"))
			return
		}
	}
}
