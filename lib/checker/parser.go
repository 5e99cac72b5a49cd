package checker

import (
	"bytes"
	"slices"
	"strings"
	"time"
)

const parser = "apparmor_parser"

// Options returns those of the lines of a parser.conf(5) that bear on what compiles,
// as arguments.
func Options(conf []byte) (args []string) {
	for line := range bytes.Lines(conf) {
		key, value, _ := strings.Cut(strings.TrimSpace(string(line)), " ")
		if k, v, ok := strings.Cut(key, "="); ok {
			key, value = k, v+value
		}
		switch key {
		case "Include", "policy-features", "override-policy-abi", "features-file", "compile-features", "kernel-features", "warn", "Werror":
			if value = strings.TrimSpace(value); value != "" {
				args = append(args, "--"+key+"="+strings.Trim(value, `"`))
			} else if key == "Werror" {
				args = append(args, "--Werror")
			}
		}
	}
	return args
}

// Bounds of one run of apparmor_parser: the largest profiles take a second. Patterns
// can be such that no time and no memory is enough for them.
const (
	patience  = 3 * time.Minute
	processor = 20 * time.Second
)

// arguments are those of all questions. None needs AppArmor in the kernel: nothing
// is loaded, and no cache is used. One job: what is printed keeps its order.
func arguments(base string, options []string, more ...string) []string {
	return slices.Concat([]string{"--base", base, "--config-file", "/dev/null", "-K", "-q", "-j1"}, options, more)
}

// parse runs apparmor_parser where a path that is neither magic nor absolute is one
// below the policy: so it finds the most.
func (p *Policy) parse(more ...string) (printed string, err error) {
	c := command{name: parser, args: arguments(p.base, p.options, more...), dir: p.dir, timeout: patience, processor: processor}
	return c.run()
}
