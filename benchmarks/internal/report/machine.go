package report

import (
	"fmt"
	"os"
	"runtime"
	"runtime/debug"
	"strings"
)

// A Machine is where a part was run.
type Machine struct {
	Processor string `json:"processor"`
	Cores     int    `json:"cores"`
	Memory    string `json:"memory"`
	System    string `json:"system"`
	Load      string `json:"load"` // average over a minute, before the part
}

func (m Machine) String() string {
	return fmt.Sprintf("%s, %d cores, %s, %s, load before %s", m.Processor, m.Cores, m.Memory, m.System, m.Load)
}

// ThisMachine describes the machine as far as /proc tells.
func ThisMachine() Machine {
	m := Machine{
		Processor: field("/proc/cpuinfo", "model name"),
		Cores:     runtime.NumCPU(),
		Memory:    field("/proc/meminfo", "MemTotal"),
		System:    runtime.GOOS + "/" + runtime.GOARCH,
	}
	var kB float64
	if _, err := fmt.Sscanf(m.Memory, "%f kB", &kB); err == nil {
		m.Memory = fmt.Sprintf("%.0f GiB", kB/(1<<20))
	}
	if text, err := os.ReadFile("/proc/sys/kernel/osrelease"); err == nil {
		m.System += " " + strings.TrimSpace(string(text))
	}
	if text, err := os.ReadFile("/proc/loadavg"); err == nil {
		m.Load, _, _ = strings.Cut(string(text), " ")
	}
	return m
}

// field is the value of the first line "name : value" of a file.
func field(file, name string) string {
	text, err := os.ReadFile(file)
	if err != nil {
		return "unknown"
	}
	for line := range strings.Lines(string(text)) {
		if key, value, ok := strings.Cut(line, ":"); ok && strings.TrimSpace(key) == name {
			return strings.TrimSpace(value)
		}
	}
	return "unknown"
}

// ModuleVersions is the versions of Go and of the modules that this program was
// built with, of those named.
func ModuleVersions(modules ...string) map[string]string {
	versions := map[string]string{"Go": strings.TrimPrefix(runtime.Version(), "go")}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return versions
	}
	for _, dep := range info.Deps {
		for _, module := range modules {
			if dep.Path == module {
				versions[shortName(module)] = strings.TrimPrefix(dep.Version, "v")
			}
		}
	}
	return versions
}

// shortName is the last element of a module path that is no major version.
func shortName(module string) string {
	parts := strings.Split(module, "/")
	last := parts[len(parts)-1]
	if len(parts) > 1 && len(last) == 2 && last[0] == 'v' {
		return parts[len(parts)-2]
	}
	return last
}
