package scene

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"time"

	"github.com/sl-suite/sl/lib/sandbox/internal/act"
)

// An Outcome is how one act went.
type Outcome struct {
	Effect bool
	Text   string
}

// patience bounds an act that does not end by itself.
const patience = 10 * time.Second

// Try has a program make the act, see [act.Act.Tell], and looks at the scene. An
// error means that the act was not made at all.
func (s *Scene) Try(a act.Act, path string, args ...string) (Outcome, error) {
	how, err := s.perform(a, s.Command(path, args...))
	if err != nil {
		return how, err
	}
	if changed := s.Changed(); changed != "" {
		return Outcome{true, changed}, nil
	}
	return how, nil
}

func (s *Scene) perform(a act.Act, c *exec.Cmd) (Outcome, error) {
	var out, messages bytes.Buffer
	c.Stdout, c.Stderr = &out, &messages
	if a.Terminal {
		tty, err := openTerminal()
		if err != nil {
			return Outcome{}, err
		}
		defer tty.Close()
		tty.give(c)
	} else {
		in, err := c.StdinPipe() // open, so that nothing ends
		if err != nil {
			return Outcome{}, err
		}
		defer in.Close()
	}
	c.WaitDelay = time.Second
	if err := c.Start(); err != nil {
		return Outcome{}, err
	}
	alarm := time.AfterFunc(patience, func() { c.Process.Kill() })
	err := c.Wait()
	if !alarm.Stop() {
		return Outcome{}, errors.New("it did not end")
	}
	said, ready := strings.CutPrefix(out.String(), act.SaidReady)
	if !ready {
		return Outcome{}, fmt.Errorf("not confined: %v: %s", err, bytes.TrimSpace(messages.Bytes()))
	}
	return judge(said, err, messages.String()), nil
}

// judge: an act that says nothing and ends well has executed another program.
func judge(said string, err error, message string) Outcome {
	var exit *exec.ExitError
	switch {
	case errors.As(err, &exit) && exit.Sys().(syscall.WaitStatus).Signaled():
		return Outcome{false, exit.Sys().(syscall.WaitStatus).Signal().String()}
	case strings.HasPrefix(said, act.SaidRefused):
		return Outcome{false, strings.TrimSpace(strings.TrimPrefix(said, act.SaidRefused))}
	case err != nil && said != act.SaidEffect:
		first, _, _ := strings.Cut(message, "\n")
		return Outcome{false, fmt.Sprintf("%v: %s", err, first)}
	}
	return Outcome{true, "it had its effect"}
}

// CopyProgram makes an executable copy that every user can reach.
func CopyProgram(from, to string) error {
	b, err := os.ReadFile(from)
	if err != nil {
		return err
	}
	return os.WriteFile(to, b, 0o755)
}
