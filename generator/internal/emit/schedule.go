package emit

import (
	"math/bits"
	"strconv"

	"github.com/bggen/bggen/generator/internal/model"
	"github.com/bggen/bggen/generator/internal/naming"
	"github.com/bggen/bggen/generator/internal/scan"
	"github.com/bggen/bggen/runtime/cron"
	"github.com/dave/jennifer/jen"
)

// periodic is what a task is told that runs by itself: its arguments, and when.
func (e *emitter) periodic(t *model.Task) jen.Code {
	const due = "due"
	takes := len(t.Fields) > 0
	var values []jen.Code
	if takes {
		values = append(values, jen.Id(due))
	}
	args := []jen.Code{jen.Func().Params(usedAs(due, takes).Add(e.rt("Due"))).Id(t.ArgsType).
		Custom(jen.Options{Open: "{", Close: "}"}, jen.Return(jen.Id(t.ArgsType).Values(values...)))}
	for _, s := range t.Func.Schedules {
		args = append(args, e.schedule(s))
	}
	return jen.Custom(jen.Options{Open: "(", Close: ")", Separator: ",", Multi: true}, args...)
}

func (e *emitter) schedule(s scan.Schedule) jen.Code {
	var code *jen.Statement
	if s.Every != 0 {
		code = e.ad("Every").Call(e.durationLit(s.Every))
	} else {
		code = e.ad("Cron").Call(jen.Lit(s.Expr), e.cronLit(s.Cron))
	}
	if s.Zone != "" {
		code = code.Dot("In").Call(jen.Lit(s.Zone))
	}
	if s.Jitter != 0 {
		code = code.Dot("Jitter").Call(e.durationLit(s.Jitter))
	}
	if s.Missed != 0 {
		code = code.Dot("Missed").Call(e.durationLit(s.Missed))
	}
	if s.Overlap {
		code = code.Dot("Overlap").Call()
	}
	if s.Once {
		code = code.Dot("Once").Call()
	}
	return code
}

// cronLit is a schedule as sets of bits.
func (e *emitter) cronLit(s cron.Schedule) jen.Code {
	of := func(name string) *jen.Statement {
		return e.qual(naming.Import{Path: scan.RuntimePath + "/cron", Name: "cron"}, name)
	}
	fields := []jen.Code{
		jen.Id("Minutes").Op(":").Add(bitsLit(s.Minutes)),
		jen.Id("Hours").Op(":").Add(bitsLit(uint64(s.Hours))),
		jen.Id("Days").Op(":").Add(bitsLit(uint64(s.Days))),
		jen.Id("Months").Op(":").Add(bitsLit(uint64(s.Months))),
		jen.Id("Weekdays").Op(":").Add(bitsLit(uint64(s.Weekdays))),
	}
	var stars *jen.Statement
	for _, star := range []struct {
		bit  cron.Stars
		name string
	}{{cron.StarMinute, "StarMinute"}, {cron.StarHour, "StarHour"}, {cron.StarDay, "StarDay"}, {cron.StarWeekday, "StarWeekday"}} {
		switch {
		case s.Stars&star.bit == 0:
		case stars == nil:
			stars = of(star.name)
		default:
			stars = stars.Op("|").Add(of(star.name))
		}
	}
	if stars != nil {
		fields = append(fields, jen.Id("Stars").Op(":").Add(stars))
	}
	return of("Schedule").Values(fields...)
}

// bitsLit is a set of bits: 1 << 30, or 0x3e.
func bitsLit(set uint64) jen.Code {
	if bits.OnesCount64(set) == 1 {
		return jen.Lit(1).Op("<<").Lit(bits.TrailingZeros64(set))
	}
	return jen.Op("0x" + strconv.FormatUint(set, 16))
}
