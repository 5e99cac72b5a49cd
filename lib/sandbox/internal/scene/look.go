package scene

import (
	"fmt"
	"os"
	"strings"

	"golang.org/x/sys/unix"
)

// Changed says what a program has done to the scene, and makes it as it was in
// the beginning; empty when nothing.
func (s *Scene) Changed() string {
	what := s.changes()
	err := s.refill()
	if err == nil && what != "" {
		err = s.repair()
	}
	if err != nil {
		return "not to be repaired: " + err.Error()
	}
	return what
}

func (s *Scene) changes() string {
	var now unix.Stat_t
	if err := unix.Stat(s.Secret, &now); err != nil {
		return "the secret is gone"
	}
	if b, err := os.ReadFile(s.Secret); err != nil || string(b) != secret {
		return "the secret has changed"
	}
	if now.Mode != s.before.Mode || now.Uid != s.before.Uid || now.Nlink != s.before.Nlink || now.Mtim != s.before.Mtim {
		return "the secret's attributes have changed"
	}
	if names, err := os.ReadDir(s.Outside); err != nil || len(names) > 0 {
		return fmt.Sprintf("in the folder outside: %v", names)
	}
	if n, _ := unix.Read(s.pair[0], make([]byte, 8)); n > 0 {
		return "the socket that was left open has been used"
	}
	if s.stopped() {
		return "the process was killed, stopped or traced"
	}
	return s.foreign()
}

func (s *Scene) repair() error {
	if err := os.RemoveAll(s.Outside); err != nil {
		return err
	}
	if err := os.RemoveAll(s.Secret); err != nil {
		return err
	}
	if err := s.makeFiles(); err != nil {
		return err
	}
	if s.stopped() {
		s.stopVictim()
		if err := s.startVictim(); err != nil {
			return err
		}
	}
	return unix.Stat(s.Secret, &s.before)
}

// foreign looks for what nobody may leave in the folder: all but plain files.
func (s *Scene) foreign() string {
	var names []string
	entries, err := os.ReadDir(s.Inside)
	if err != nil {
		return err.Error()
	}
	for _, e := range entries {
		names = append(names, e.Name())
		info, err := e.Info()
		if err != nil {
			return err.Error()
		}
		plain := info.Mode().IsRegular() && info.Mode()&(os.ModeSetuid|os.ModeSetgid|os.ModeSticky) == 0
		if !plain && e.Name() != "empty" && e.Name() != "link" && e.Name() != "up" {
			return fmt.Sprintf("%s in the folder is %v", e.Name(), info.Mode())
		}
	}
	if all := strings.Join(names, " "); !strings.HasPrefix(strings.Replace(all, "made ", "", 1), "empty file link other program up") {
		return "in the folder: " + all
	}
	return ""
}

// stopped reads the victim's state: it should do nothing but sleep.
func (s *Scene) stopped() bool {
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", s.Victim))
	if err != nil {
		return true
	}
	_, rest, _ := strings.Cut(string(b), ") ")
	return !strings.HasPrefix(rest, "S") && !strings.HasPrefix(rest, "R")
}
