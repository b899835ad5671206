// Package clock has types that are defined as those of package time.
package clock

import t "time"

// Pause is how long nothing happens.
type Pause t.Duration

// Day is a moment.
type Day t.Time

func (d Day) String() string { return t.Time(d).Format(t.DateOnly) }
