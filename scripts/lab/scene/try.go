package scene

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"time"

	"github.com/sl-suite/sl/scripts/lab/act"
)

// An Outcome is how one act went.
type Outcome struct {
	Effect bool
	Seen   bool // the effect was seen from outside; else the process says so
	Text   string
}

func seen(what string) Outcome { return Outcome{true, true, what} }

// patience bounds an act that does not end by itself.
const patience = time.Minute

// Try has a program make the act, which it must [act.Obey], and looks at the scene. An
// error means that the act was not made at all.
func (s *Scene) Try(a act.Act, path string, args ...string) (Outcome, error) {
	how, err := s.perform(a, s.Command(path, args...))
	changed := s.Changed()
	if err == nil && changed != "" {
		how = seen(changed)
	}
	return how, err
}

func (s *Scene) perform(a act.Act, c *exec.Cmd) (Outcome, error) {
	st, err := newStandard(a.Input, act.Order(a.Name, &s.Scene))
	if err != nil {
		return Outcome{}, err
	}
	defer st.close()
	c.Stdin, c.Stdout, c.Stderr = st.program[0], st.program[1], st.program[2]
	if s.OneOutput {
		c.Stderr = c.Stdout
	}
	if a.Input == act.Terminal {
		c.SysProcAttr.Setsid, c.SysProcAttr.Setctty, c.SysProcAttr.Ctty = true, true, 0
	}
	if err := c.Start(); err != nil {
		return Outcome{}, err
	}
	alarm := time.AfterFunc(patience, func() { c.Process.Kill() })
	err = c.Wait()
	if !alarm.Stop() {
		return Outcome{}, errors.New("it did not end")
	}
	changed := st.changed()
	out, message := st.finish()
	before, after, ready := strings.Cut(out, act.SaidReady)
	said := before + after // what somebody else writes may come first
	switch {
	case st.terminal && changed != "": // a hang-up loses what was said
		return seen(changed), nil
	case !ready:
		return Outcome{}, fmt.Errorf("not confined: %v: %s", err, strings.TrimSpace(out+message))
	case changed != "":
		return seen(changed), nil
	case st.rights:
		return seen("a descriptor came out"), nil
	case st.left:
		return seen("a process was left behind"), nil
	}
	return judge(said, err, message), nil
}

// judge: of what the process itself says there is one line, or none where it was
// killed. Whatever else is there, somebody or something else has written.
func judge(said string, err error, message string) Outcome {
	if said != "" && said != act.SaidEffect && (!strings.HasPrefix(said, act.SaidRefused) || strings.Count(said, "\n") != 1) {
		return seen(fmt.Sprintf("it wrote %.60q", said))
	}
	var exit *exec.ExitError
	switch {
	case errors.As(err, &exit) && exit.Sys().(syscall.WaitStatus).Signaled():
		return Outcome{false, false, exit.Sys().(syscall.WaitStatus).Signal().String()}
	case said == "" && err == nil:
		return seen("it fell silent")
	case said == act.SaidEffect:
		return Outcome{true, false, "it had its effect"}
	case err != nil:
		first, _, _ := strings.Cut(message, "\n")
		return Outcome{false, false, fmt.Sprintf("%v: %s", err, first)}
	}
	return Outcome{false, false, strings.TrimSpace(strings.TrimPrefix(said, act.SaidRefused))}
}

// CopyProgram makes an executable copy that every user can reach.
func CopyProgram(from, to string) error {
	b, err := os.ReadFile(from)
	if err != nil {
		return err
	}
	return os.WriteFile(to, b, 0o755)
}
