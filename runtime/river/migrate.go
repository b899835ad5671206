package river

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/riverqueue/river/riverdriver"
	"github.com/riverqueue/river/rivermigrate"
)

// command migrates the tables of River. What it is given is a URL.
const command = "go run github.com/riverqueue/river/cmd/river@v0.51.2 migrate-up --database-url "

// migrate brings the tables of River to the version of the library, or says how
// that is done.
func migrate[Tx any](ctx context.Context, driver riverdriver.Driver[Tx], c *Config, url string) error {
	m, err := rivermigrate.New(driver, &rivermigrate.Config{Logger: c.Logger})
	if err != nil {
		return err
	}
	for {
		state, err := m.Validate(ctx, nil)
		if err == nil && state.OK {
			return nil
		}
		if err == nil && c.KeepSchema {
			return fmt.Errorf("the tables of River are missing, or older than the library (%s): migrate them with %s",
				strings.Join(state.Messages, "; "), command+url)
		}
		if err == nil {
			_, err = m.Migrate(ctx, rivermigrate.DirectionUp, nil)
		}
		if err == nil {
			continue // and look
		}
		// Another process may be at it, in its first moments too.
		state, again := m.Validate(ctx, nil)
		if again == nil && state.OK {
			return nil
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("the tables of River cannot be migrated: %w; the command for it is %s", err, command+url)
		case <-time.After(100 * time.Millisecond):
		}
	}
}
