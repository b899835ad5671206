package periodic

import (
	"context"

	"github.com/bggen/bggen/runtime"
)

//bggen:every 7h
//bggen:every 15
//bggen:every 500ms
//bggen:every
//bggen:every 1h tz=Europe/Berlin
//bggen:every 1h jitter=1h
//bggen:every 48h missed=48h
//bggen:every 30m missed=soon
//bggen:every 24h
//bggen:every 24h overlap
//bggen:task
func Every() {}

//bggen:cron "30 2 30 2 *"
//bggen:cron "30 2 * *"
//bggen:cron "61 2 * * *"
//bggen:cron 30 2 * * 1-5 tz=Europe/Berlin
//bggen:cron @fortnightly
//bggen:cron "0 3 * * *" tz=Europe/Berlim
//bggen:cron "0 3 * * *" tz=Local
//bggen:cron "*/5 * * * *" jitter=10m
//bggen:task
func Cron() {}

//bggen:every 1h
//bggen:task
func Args(ctx context.Context, due runtime.Due, shop string, again runtime.Due) {}

//bggen:every 1h
//bggen:route GET /
func Handler() {}

//bggen:every 1h
func Nothing() {}

//bggen:every 1h
type Struct struct{}

//bggen:every 1h
//bggen:task name=elsewhere
type Elsewhere func()
