package checker

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

// timeout bounds one run of a program: a hundred thousand firewall rules take
// iptables-restore four seconds.
const timeout = 2 * time.Minute

// maxSays bounds what of a program's words is passed on, in bytes.
const maxSays = 400

// A command is one run of a program of the system.
type command struct {
	name    string
	args    []string
	text    []byte // its standard input
	dir     string // its working directory; "" for that of this process
	timeout time.Duration
}

// run runs a program with text on its standard input.
func run(text []byte, name string, args ...string) (printed string, err error) {
	return command{name: name, args: args, text: text, timeout: timeout}.run()
}

// run returns what the program prints, also where it then refuses something.
func (c command) run() (printed string, err error) {
	path, err := find(c.name)
	if err != nil {
		return "", err
	}
	ctx, cancel := context.WithTimeout(context.Background(), c.timeout)
	defer cancel()
	var out, says bytes.Buffer
	p := exec.CommandContext(ctx, path, c.args...)
	p.Dir = c.dir
	// iptables-restore takes a lock that it can have here without a file to write.
	p.Env = []string{"PATH=" + strings.Join(folders(), ":"), "LC_ALL=C", "XTABLES_LOCKFILE=/dev/null"}
	p.Stdin, p.Stdout, p.Stderr = bytes.NewReader(c.text), &out, &says
	err = p.Run()
	var exit *exec.ExitError
	switch {
	case ctx.Err() != nil:
		return out.String(), &Refusal{c.name, fmt.Sprintf("no answer within %v", c.timeout)}
	case errors.As(err, &exit):
		return out.String(), &Refusal{c.name, firstWords(says.String(), err)}
	case err != nil:
		return "", fmt.Errorf("%s: %w", c.name, err)
	}
	return out.String(), nil
}

func folders() []string { return []string{"/usr/sbin", "/usr/bin", "/sbin", "/bin"} }

func find(name string) (string, error) {
	for _, dir := range folders() {
		path := filepath.Join(dir, name)
		if st, err := os.Stat(path); err == nil && st.Mode().IsRegular() {
			return path, nil
		}
	}
	return "", fmt.Errorf("%s: %w", name, ErrMissing)
}

// noCache is what apparmor_parser says first where it cannot look into the kernel.
const noCache = "Cache read/write disabled: interface file missing. (Kernel needs AppArmor 2.4 compatibility patch.)"

// firstWords is what there is to read of an error.
func firstWords(says string, err error) string {
	says = strings.TrimSpace(strings.ReplaceAll(says, noCache, ""))
	if says == "" {
		return err.Error()
	}
	if len(says) > maxSays {
		says = says[:maxSays] + "..."
	}
	return says
}
