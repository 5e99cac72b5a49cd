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

// run runs a program of the system with text on its standard input, and returns
// what it prints.
func run(text []byte, name string, args ...string) (printed string, err error) {
	path, err := find(name)
	if err != nil {
		return "", err
	}
	ctx, cancel := context.WithTimeout(context.Background(), timeout)
	defer cancel()
	var out, says bytes.Buffer
	c := exec.CommandContext(ctx, path, args...)
	// iptables-restore takes a lock that it can have here without a file to write.
	c.Env = []string{"PATH=" + strings.Join(folders(), ":"), "LC_ALL=C", "XTABLES_LOCKFILE=/dev/null"}
	c.Stdin, c.Stdout, c.Stderr = bytes.NewReader(text), &out, &says
	err = c.Run()
	var exit *exec.ExitError
	switch {
	case ctx.Err() != nil:
		return "", fmt.Errorf("%s: no answer within %v", name, timeout)
	case errors.As(err, &exit):
		return "", &Refusal{name, firstWords(says.String(), err)}
	case err != nil:
		return "", fmt.Errorf("%s: %w", name, err)
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
