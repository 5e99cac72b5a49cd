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
	"sync"
	"time"

	"golang.org/x/sys/unix"
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

	// processor bounds the time on one of each process. apparmor_parser works in a
	// child, which goes on when it is killed itself.
	processor time.Duration
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
	p.WaitDelay = time.Second
	if err = c.start(p); err == nil {
		err = p.Wait()
	}
	var exit *exec.ExitError
	switch {
	case ctx.Err() != nil || c.processor > 0 && p.ProcessState != nil && spent(p.ProcessState) >= c.processor:
		return out.String(), &Refusal{c.name, "it takes too long"}
	case errors.As(err, &exit):
		return out.String(), &Refusal{c.name, firstWords(says.String(), err)}
	case err != nil:
		return "", fmt.Errorf("%s: %w", c.name, err)
	}
	return out.String(), nil
}

// start starts the program with its bound, which it has from this process.
func (c command) start(p *exec.Cmd) error {
	starts.Lock()
	defer starts.Unlock()
	var now unix.Rlimit
	if err := unix.Getrlimit(unix.RLIMIT_CPU, &now); err == nil && c.processor > 0 {
		unix.Setrlimit(unix.RLIMIT_CPU, &unix.Rlimit{Cur: min(now.Max, uint64(c.processor/time.Second)), Max: now.Max})
		defer unix.Setrlimit(unix.RLIMIT_CPU, &now)
	}
	return p.Start()
}

// starts is held while the limit is another one: it is the whole process's.
var starts sync.Mutex

func spent(s *os.ProcessState) time.Duration { return s.UserTime() + s.SystemTime() }

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
		return fmt.Sprintf("no word but %v: it needs more time or memory than it gets", err)
	}
	if len(says) > maxSays {
		says = says[:maxSays] + "..."
	}
	return says
}
