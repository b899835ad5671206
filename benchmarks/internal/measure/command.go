package measure

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"syscall"
	"time"
)

// A Command is a program to run and measure.
type Command struct {
	Dir  string
	Env  []string // beside the environment of this process
	Args []string // the program first
}

// Usage is what a command took.
type Usage struct {
	Wall time.Duration
	CPU  time.Duration // of it and what it ran
	Peak float64       // largest resident memory of any of its processes, bytes
	Err  string        // why it failed, with what it printed
}

// ChildArg is the first argument with which this program is asked to act for
// [Run]: its main function then calls [Child].
const ChildArg = "measure-child"

// Run runs a command and measures it. It does so through a fresh process of
// this very program: Linux counts the memory of the process that starts a
// command as the command's own, and a fresh process has little.
func Run(ctx context.Context, c Command) (Usage, error) {
	self, err := os.Executable()
	if err != nil {
		return Usage{}, err
	}
	request, err := json.Marshal(c)
	if err != nil {
		return Usage{}, err
	}
	cmd := exec.CommandContext(ctx, self, ChildArg)
	cmd.Stdin = bytes.NewReader(request)
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		return Usage{}, fmt.Errorf("measuring %s: %w", c.Args[0], err)
	}
	var usage Usage
	if err := json.Unmarshal(out, &usage); err != nil {
		return Usage{}, err
	}
	if usage.Err != "" {
		return usage, fmt.Errorf("%q: %s", c.Args, usage.Err)
	}
	return usage, nil
}

// Child reads a command from r, runs it and writes its usage to w.
func Child(r io.Reader, w io.Writer) error {
	var c Command
	if err := json.NewDecoder(r).Decode(&c); err != nil {
		return fmt.Errorf("reading the command to measure: %w", err)
	}
	return json.NewEncoder(w).Encode(run(c))
}

func run(c Command) Usage {
	cmd := exec.Command(c.Args[0], c.Args[1:]...)
	cmd.Dir = c.Dir
	cmd.Env = append(os.Environ(), c.Env...)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	start := time.Now()
	err := cmd.Run()
	usage := Usage{Wall: time.Since(start)}
	if err != nil {
		usage.Err = fmt.Sprintf("%v\n%s", err, stderr.Bytes())
	}
	if state := cmd.ProcessState; state != nil {
		usage.CPU = state.UserTime() + state.SystemTime()
		if r, ok := state.SysUsage().(*syscall.Rusage); ok {
			usage.Peak = float64(r.Maxrss) * 1024
		}
	}
	return usage
}
