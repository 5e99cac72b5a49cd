package scene

import (
	"fmt"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"time"
)

// startVictim starts a process that does nothing, to be reached for.
func (s *Scene) startVictim() error {
	c := exec.Command("sleep", "1200")
	c.SysProcAttr = &syscall.SysProcAttr{Credential: s.user}
	if err := c.Start(); err != nil {
		return err
	}
	s.victim, s.Victim = c, c.Process.Pid
	s.settled() // its stack is not in its place before it runs
	return s.findMemory()
}

func (s *Scene) stopVictim() {
	s.victim.Process.Kill()
	s.victim.Wait()
}

// findMemory finds where the victim's program begins, and its stack, which ends in
// eight bytes that nobody uses (fs/exec.c).
func (s *Scene) findMemory() error {
	maps, err := os.ReadFile(fmt.Sprintf("/proc/%d/maps", s.Victim))
	if err != nil {
		return err
	}
	s.VictimText, s.VictimData = 0, 0
	for line := range strings.Lines(string(maps)) {
		var from, to uint64
		if _, err := fmt.Sscanf(line, "%x-%x ", &from, &to); err != nil {
			return fmt.Errorf("memory map: %q", line)
		}
		if s.VictimText == 0 {
			s.VictimText = from
		}
		if strings.Contains(line, "[stack]") {
			s.VictimData = to - 1
		}
	}
	return nil
}

// victimByte is what stands at VictimData.
func (s *Scene) victimByte() string {
	f, err := os.Open(fmt.Sprintf("/proc/%d/mem", s.Victim))
	if err != nil {
		return "not to be read"
	}
	defer f.Close()
	b := make([]byte, 1)
	if _, err := f.ReadAt(b, int64(s.VictimData)); err != nil {
		return "not to be read"
	}
	return fmt.Sprint(b[0])
}

// letter is the state in proc_pid_stat(5); empty where the process is gone.
func (s *Scene) letter() string {
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", s.Victim))
	if err != nil {
		return ""
	}
	_, rest, _ := strings.Cut(string(b), ") ")
	state, _, _ := strings.Cut(rest, " ")
	return state
}

// state is what becomes of the victim. A signal that it has not yet acted on is as
// good as one that it has.
func (s *Scene) state() string {
	status, _ := os.ReadFile(fmt.Sprintf("/proc/%d/status", s.Victim))
	for line := range strings.Lines(string(status)) {
		name, mask, _ := strings.Cut(line, ":")
		if strings.HasSuffix(name, "Pnd") && strings.Trim(mask, "\t\n0") != "" {
			return "signalled"
		}
	}
	switch s.settled() {
	case "S":
		return "alive"
	case "T", "t":
		return "stopped or traced"
	}
	return "killed"
}

// settled waits until the victim does not run, for it may be about to sleep or to
// end, and returns its letter.
func (s *Scene) settled() (letter string) {
	for range 1000 {
		if letter = s.letter(); letter != "R" && letter != "D" {
			break
		}
		time.Sleep(time.Millisecond)
	}
	return letter
}
