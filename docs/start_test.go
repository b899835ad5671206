package docs

import (
	"context"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"
)

// TestStart does what start.md says: it writes the files, runs the commands, and
// compares what they print.
func TestStart(t *testing.T) {
	s := newSteps(t)
	for _, b := range blocksOf(read(t, "start.md")) {
		switch b.language {
		case "go":
			write(t, filepath.Join(s.dir, fileOf(t, b)), strings.ReplaceAll(b.text, "localhost:8080", s.addr))
		case "dockerfile":
			s.dockerfile(b.text)
		case "sh":
			for line := range strings.Lines(b.text) {
				s.shell(strings.TrimSpace(line))
			}
		case "console":
			s.console(b)
		default:
			t.Errorf("line %d: a block of %q is not tested", b.line, b.language)
		}
	}
}

// fileOf returns the name that the text before a block gives it.
func fileOf(t *testing.T, b block) string {
	t.Helper()
	name, ok := strings.CutPrefix(strings.TrimSuffix(b.before, "`:"), "`")
	if !ok {
		t.Fatalf("line %d: %q does not name the file of the block", b.line, b.before)
	}
	return name
}

// steps follow a page in a directory of their own.
type steps struct {
	t         *testing.T
	dir, addr string
	env       []string
	stop      func() // the server
}

func newSteps(t *testing.T) *steps {
	listener, err := net.Listen("tcp", "localhost:0")
	if err != nil {
		t.Fatal(err)
	}
	s := &steps{t: t, dir: t.TempDir(), addr: listener.Addr().String(), stop: func() {}}
	listener.Close()
	s.env = append(os.Environ(), "GOWORK=off", "GOPROXY="+proxyOfOthers(t))
	t.Cleanup(func() { s.stop() })
	return s
}

// proxyOfOthers returns a GOPROXY that has the modules of others and knows nothing of
// this repository: what the go command does not find there, it takes from the replace
// directives.
func proxyOfOthers(t *testing.T) string {
	t.Helper()
	out, err := exec.Command("go", "env", "GOMODCACHE", "GOPROXY").Output()
	if err != nil {
		t.Fatal(err)
	}
	cache, upstream, _ := strings.Cut(strings.TrimSpace(string(out)), "\n")
	upstream, _, _ = strings.Cut(upstream, ",")
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasPrefix(r.URL.Path, "/github.com/bggen/") || !strings.HasPrefix(upstream, "http") {
			http.NotFound(w, r)
			return
		}
		http.Redirect(w, r, upstream+r.URL.Path, http.StatusFound)
	}))
	t.Cleanup(server.Close)
	return "file://" + filepath.Join(cache, "cache", "download") + "," + server.URL
}

// shell runs one command. One that serves goes on while the next are run.
func (s *steps) shell(command string) {
	s.t.Helper()
	switch {
	case strings.HasPrefix(command, "docker "):
		return // its steps have been run by dockerfile
	case strings.HasPrefix(command, "cd "):
		s.dir = filepath.Join(s.dir, strings.TrimPrefix(command, "cd "))
		return
	case strings.HasSuffix(command, "go run ."):
		s.serve(command)
		return
	}
	s.run(command)
	if strings.HasPrefix(command, "go mod init ") {
		s.replace()
	}
}

// replace has the module use this checkout, where a reader gets a release.
func (s *steps) replace() {
	here, err := filepath.Abs(root)
	if err != nil {
		s.t.Fatal(err)
	}
	for _, module := range []string{"", "/runtime/river"} {
		s.run("go mod edit -replace github.com/bggen/bggen" + module + "=" + here + module)
	}
}

func (s *steps) run(command string) string {
	s.t.Helper()
	cmd := exec.CommandContext(s.t.Context(), "sh", "-c", command)
	cmd.Dir, cmd.Env = s.dir, s.env
	var stderr strings.Builder
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		s.t.Fatalf("%s: %v\n%s%s", command, err, out, stderr.String())
	}
	return string(out)
}

// serve starts a server, in place of the one before, and returns when it listens.
func (s *steps) serve(command string) {
	s.t.Helper()
	s.stop()
	environment, _, _ := strings.Cut(command, "go run")
	s.run("go build -o server .")
	cmd := exec.Command("sh", "-c", environment+" exec ./server")
	cmd.Dir, cmd.Env, cmd.Stderr = s.dir, s.env, os.Stderr
	if err := cmd.Start(); err != nil {
		s.t.Fatal(err)
	}
	s.stop = func() {
		cmd.Process.Signal(syscall.SIGTERM)
		if err := cmd.Wait(); err != nil {
			s.t.Errorf("%s: %v", command, err)
		}
		s.stop = func() {}
	}
	ctx, cancel := context.WithTimeout(s.t.Context(), time.Minute)
	defer cancel()
	for {
		conn, err := new(net.Dialer).DialContext(ctx, "tcp", s.addr)
		if err == nil {
			conn.Close()
			return
		}
		if ctx.Err() != nil {
			s.t.Fatalf("%s does not listen: %v", command, err)
		}
	}
}

// console runs the commands after "$", and compares what they print with the lines
// below them.
func (s *steps) console(b block) {
	s.t.Helper()
	for part := range strings.SplitSeq("\n"+b.text, "\n$ ") {
		command, want, _ := strings.Cut(part, "\n")
		if command == "" {
			continue
		}
		command = strings.ReplaceAll(command, "curl ", "curl -sS ")
		got := s.run(strings.ReplaceAll(command, "localhost:8080", s.addr))
		if strings.TrimSpace(got) != strings.TrimSpace(want) {
			s.t.Errorf("start.md:%d: %s\nprints\n%s\nwant\n%s", b.line, command, got, want)
		}
	}
}

var dockerRun = regexp.MustCompile(`(?m)^RUN (.*)$`)

// dockerfile runs the commands of an image in a copy of the directory.
func (s *steps) dockerfile(text string) {
	s.t.Helper()
	s.stop()
	commands := dockerRun.FindAllStringSubmatch(text, -1)
	if len(commands) < 2 {
		s.t.Fatalf("the Dockerfile has only %d commands", len(commands))
	}
	for _, m := range commands {
		dir := s.t.TempDir()
		s.run(strings.NewReplacer("-o /", "-o "+dir+"/", "mkdir -p /", "mkdir -p "+dir+"/").Replace(m[1]))
	}
	// A volume belongs to root, unless its directory is there and does not.
	for _, m := range regexp.MustCompile(`(?m)^VOLUME (.*)$`).FindAllStringSubmatch(text, -1) {
		if own := "COPY --from=build --chown=nonroot:nonroot " + m[1] + " " + m[1] + "\n"; strings.Contains(text, ":nonroot\n") && !strings.Contains(text, own) {
			s.t.Errorf("the user of the image cannot write to the volume %s", m[1])
		}
	}
}
