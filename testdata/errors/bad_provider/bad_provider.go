package bad_provider

import (
	"context"
	"time"
)

//bggen:provide
func Nothing() {}

//bggen:provide
func OnlyError() error { return nil }

//bggen:provide
func Three() (int, int, error) { return 0, 0, nil }

//bggen:provide
func GetTenant() string { return "" }

//bggen:provide
func GetDeadline() time.Time { return time.Time{} }

//bggen:provide
func GetContext() context.Context { return nil }

//bggen:provide
func GetOptional() *string { return nil }

//bggen:provide
func GetList() []int { return nil }

//bggen:provide
func GetError() (error, error) { return nil, nil }

type Held struct{}

//bggen:provide hold
func GetHeld() Held { return Held{} }

//bggen:provide
func GetClosed() (Held, func() error) { return Held{}, nil }
