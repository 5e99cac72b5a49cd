package scene

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"unsafe"

	"golang.org/x/sys/unix"

	"github.com/sl-suite/sl/scripts/lab/act"
)

// facts are what can be seen of the scene and of the machine, each under the name
// that it has in a report.
type facts map[string]string

// Changed says what a program has done to the scene, and makes it as it was in
// the beginning; empty when nothing.
func (s *Scene) Changed() string {
	what := s.arrived()
	if now := s.look(); what == "" {
		what = s.before.differ(now)
	}
	err := s.refillInside()
	if err == nil && what != "" {
		err = s.repair()
	}
	if err != nil {
		return what + ", not to be repaired: " + err.Error()
	}
	return what
}

func (f facts) differ(now facts) string {
	for _, name := range slices.Sorted(maps.Keys(f)) {
		if f[name] != now[name] {
			return fmt.Sprintf("%s: %q, was %q", name, now[name], f[name])
		}
	}
	return ""
}

func (s *Scene) repair() error {
	os.Remove(act.RootFile)
	s.removeQueue()
	if err := os.RemoveAll(s.Secret); err != nil {
		return err
	}
	if err := s.makeFiles(); err != nil {
		return err
	}
	s.stopVictim()
	if err := s.startVictim(); err != nil {
		return err
	}
	s.started, s.before = 0, s.look()
	return nil
}

func (s *Scene) look() facts {
	f := facts{
		"the secret":                        s.secret(),
		"the folder outside":                list(s.Outside),
		"the folder that may be written to": s.inside(),
		"the process":                       s.state(),
		"the process's memory":              s.victimByte(),
		"the process's limits":              text(fmt.Sprintf("/proc/%d/limits", s.Victim)),
		"the process's priority":            say(unix.Getpriority(unix.PRIO_PROCESS, s.Victim)),
		"a POSIX message queue":             s.queue(),
		"shared memory":                     columns("/proc/sysvipc/shm", 2),
		"the semaphores":                    columns("/proc/sysvipc/sem", 2),
		"the message queues":                columns("/proc/sysvipc/msg", 2),
	}
	var processors unix.CPUSet
	err := unix.SchedGetaffinity(s.Victim, &processors)
	f["the process's processors"] = say(processors, err)
	if os.Geteuid() == 0 {
		s.lookAtMachine(f)
	}
	return f
}

// lookAtMachine is for root. The namespaces are this process's own, see Isolate;
// an ordinary user's are the machine's, where others may change something at any
// time.
func (s *Scene) lookAtMachine(f facts) {
	var uts unix.Utsname
	err := unix.Uname(&uts)
	f["the host's name"] = say(unix.ByteSliceToString(uts.Nodename[:]), err)
	f["the domain's name"] = say(unix.ByteSliceToString(uts.Domainname[:]), err)
	f["the root folder's "+act.RootFile] = exists(act.RootFile)
	f["what is mounted"] = text("/proc/thread-self/mountinfo")
	f["what is swapped to"] = columns("/proc/swaps", 1)
	f["what control-alt-delete does"] = text("/proc/sys/kernel/ctrl-alt-del")
	f["the kernel's messages on a terminal"] = text("/proc/sys/kernel/printk")
	f["the module"] = s.module()
	f["the clock"] = s.clock()
}

// say is a fact, or why it cannot be had.
func say(v any, err error) string {
	if err != nil {
		return err.Error()
	}
	return fmt.Sprint(v)
}

func text(path string) string {
	b, err := os.ReadFile(path)
	return say(string(b), err)
}

func exists(path string) string {
	_, err := os.Lstat(path)
	return say("there", err)
}

func list(folder string) string {
	names, err := os.ReadDir(folder)
	return say(names, err)
}

func (s *Scene) secret() string {
	var st unix.Stat_t
	err := unix.Stat(s.Secret, &st)
	names := make([]byte, 1000)
	n, _ := unix.Listxattr(s.Secret, names)
	return say(fmt.Sprintf("%s, %o %d %d %v %q", text(s.Secret), st.Mode, st.Uid, st.Nlink, st.Mtim, names[:max(n, 0)]), err)
}

// inside is what nobody may leave in the folder that may be written to: all but
// plain files of a size.
func (s *Scene) inside() string {
	var found []string
	entries, err := os.ReadDir(s.Inside)
	for _, e := range entries {
		info, infoErr := e.Info()
		if infoErr != nil {
			err = infoErr
			continue
		}
		special := info.Mode() & (os.ModeType | os.ModeSetuid | os.ModeSetgid | os.ModeSticky)
		switch {
		case inside[e.Name()] != "":
			found = append(found, e.Name()+": "+text(filepath.Join(s.Inside, e.Name())))
		case special == 0 && info.Size() < 1<<27:
			continue // "made" may be there
		}
		found = append(found, e.Name(), special.String())
	}
	return say(found, err)
}

// columns are the first ones of a table: those behind change without anybody's
// doing.
func columns(path string, n int) string {
	var found []string
	b, err := os.ReadFile(path)
	for line := range strings.Lines(string(b)) {
		f := strings.Fields(line)
		found = append(found, strings.Join(f[:min(n, len(f))], " "))
	}
	return say(found, err)
}

func (s *Scene) queue() string {
	name := append([]byte(s.Queue), 0)
	fd, _, errno := unix.Syscall6(unix.SYS_MQ_OPEN, uintptr(unsafe.Pointer(&name[0])), unix.O_RDONLY|unix.O_CLOEXEC, 0, 0, 0, 0)
	if errno != 0 {
		return errno.Error()
	}
	unix.Close(int(fd))
	return "there"
}

func (s *Scene) removeQueue() {
	name := append([]byte(s.Queue), 0)
	unix.Syscall(unix.SYS_MQ_UNLINK, uintptr(unsafe.Pointer(&name[0])), 0, 0)
}

// moduleName is the name of a module by its file: 12-some-name.ko.xz is some_name.
func moduleName(file string) string {
	name, _, _ := strings.Cut(filepath.Base(file), ".ko")
	return strings.ReplaceAll(strings.TrimLeft(name, "0123456789-"), "-", "_")
}

func (s *Scene) module() string {
	loaded := strings.Contains("\n"+text("/proc/modules"), "\n"+s.Module+" ")
	return fmt.Sprint(s.Module != "" && loaded)
}

// clock says whether the machine started when it did at the first look, give or
// take ten minutes, for the clock may be adjusted at any time; and the count of
// leap seconds.
func (s *Scene) clock() string {
	var now, up unix.Timespec
	unix.ClockGettime(unix.CLOCK_REALTIME, &now)
	unix.ClockGettime(unix.CLOCK_BOOTTIME, &up)
	started := now.Sec - up.Sec
	if s.started == 0 {
		s.started = started
	}
	var t unix.Timex
	_, err := unix.Adjtimex(&t)
	return say(fmt.Sprintf("set: %t, TAI %d", max(started-s.started, s.started-started) > 600, t.Tai), err)
}
