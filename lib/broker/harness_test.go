package broker

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/sl-suite/sl/lib/apparmor/header"
	"github.com/sl-suite/sl/lib/record"
)

// toy is a rule language for tests: "name=abc;" grants the letters a, b, c to
// name. x is dangerous, and y with z is.
type toy struct{}

func (toy) parse(text string) (name, letters string, err error) {
	name, letters, ok := strings.Cut(strings.TrimSuffix(text, ";"), "=")
	if !ok || name == "" || letters == "" || !strings.HasSuffix(text, ";") || strings.ContainsAny(name+letters, " \n;=#") {
		return "", "", fmt.Errorf("no rule: %q", text)
	}
	sorted := slices.Compact(slices.Sorted(slices.Values(strings.Split(letters, ""))))
	return name, strings.Join(sorted, ""), nil
}

func (l toy) canonical(text string) (string, error) {
	name, letters, err := l.parse(text)
	return name + "=" + letters + ";", err
}

func (l toy) grade(_, rules []string) (grades []grade, err error) {
	for _, rule := range rules {
		_, letters, err := l.parse(rule)
		if err != nil {
			return nil, err
		}
		g := grade{rule, uint8(len(letters)), "counted"}
		if strings.Contains(letters, "x") || strings.Contains(letters, "y") && strings.Contains(letters, "z") {
			g.danger, g.why = 9, "grants too much"
		}
		grades = append(grades, g)
	}
	return grades, nil
}

func (toy) together(_, _ []string, _ uint8) ([]effect, error) { return nil, nil }

func (toy) byHand([]byte) error { return nil }

func (l toy) body(rules []string) ([]byte, error) {
	grants := map[string]string{}
	for _, rule := range rules {
		name, letters, err := l.parse(rule)
		if err != nil {
			return nil, err
		}
		grants[name] += letters
	}
	var lines []string
	for name, letters := range grants {
		rule, err := l.canonical(name + "=" + letters + ";")
		if err != nil {
			return nil, err
		}
		lines = append(lines, "  "+rule+"\n")
	}
	slices.Sort(lines)
	return []byte(strings.Join(lines, "")), nil
}

func (l toy) rules(body []byte) (rules []string, err error) {
	for number, line := range slices.Collect(strings.Lines(string(body))) {
		text := strings.TrimSuffix(strings.TrimPrefix(line, "  "), "\n")
		if again, err := l.canonical(text); err != nil || "  "+again+"\n" != line {
			return nil, &lineError{number + 1, fmt.Errorf("no canonical rule: %q", line)}
		}
		rules = append(rules, text)
	}
	return rules, nil
}

// standing takes capital letters for rules of an earlier version.
func (l toy) standing(body []byte) (s standing, err error) {
	s.body = body
	for number, line := range lines(body) {
		text := strings.TrimSuffix(strings.TrimPrefix(line, indent), "\n")
		if line == indent+strings.ToUpper(text)+"\n" && strings.HasSuffix(text, ";") {
			s.refused = append(s.refused, refused{text, "written in capitals"})
			continue
		}
		rules, err := l.rules([]byte(line))
		if err != nil {
			return s, &lineError{number + 1, fmt.Errorf("no canonical rule: %q", line)}
		}
		s.rules = append(s.rules, rules...)
	}
	return s, nil
}

// hook stands before each system call with its name and number; an error from it
// is what the call returns instead of being made.
type hook struct {
	system
	calls  int
	before func(call string, number int) error
}

func (h *hook) at(call string) error {
	h.calls++
	if h.before == nil {
		return nil
	}
	return h.before(call, h.calls)
}

func (h *hook) openat(dir int, name string, flags int, mode uint32) (int, error) {
	call := "openat"
	if flags&unix.O_CREAT != 0 {
		call = "create"
	}
	if err := h.at(call); err != nil {
		return -1, err
	}
	return h.system.openat(dir, name, flags, mode)
}

// close always closes: a test must not run out of descriptors.
func (h *hook) close(fd int) error {
	err := h.at("close")
	if cerr := h.system.close(fd); err == nil {
		err = cerr
	}
	return err
}

func (h *hook) fstat(fd int) (unix.Stat_t, error) {
	if err := h.at("fstat"); err != nil {
		return unix.Stat_t{}, err
	}
	return h.system.fstat(fd)
}

func (h *hook) read(fd int, p []byte) (int, error) {
	if err := h.at("read"); err != nil {
		return 0, err
	}
	return h.system.read(fd, p)
}

// write is cut in the middle: half of the bytes get through before an error,
// and without one each call writes at most 7 bytes.
func (h *hook) write(fd int, p []byte) (int, error) {
	if err := h.at("write"); err != nil {
		_, _ = h.system.write(fd, p[:len(p)/2])
		return 0, err
	}
	return h.system.write(fd, p[:min(len(p), 7)])
}

func (h *hook) flistxattr(fd int, names []byte) (int, error) {
	if err := h.at("flistxattr"); err != nil {
		return 0, err
	}
	return h.system.flistxattr(fd, names)
}

func (h *hook) fgetxattr(fd int, name string, value []byte) (int, error) {
	if err := h.at("fgetxattr"); err != nil {
		return 0, err
	}
	return h.system.fgetxattr(fd, name, value)
}

func (h *hook) fsetxattr(fd int, name string, value []byte) error {
	if err := h.at("fsetxattr"); err != nil {
		return err
	}
	return h.system.fsetxattr(fd, name, value)
}

func (h *hook) fremovexattr(fd int, name string) error {
	if err := h.at("fremovexattr"); err != nil {
		return err
	}
	return h.system.fremovexattr(fd, name)
}

func (h *hook) fchmod(fd int, mode uint32) error {
	if err := h.at("fchmod"); err != nil {
		return err
	}
	return h.system.fchmod(fd, mode)
}

func (h *hook) fchown(fd, uid, gid int) error {
	if err := h.at("fchown"); err != nil {
		return err
	}
	return h.system.fchown(fd, uid, gid)
}

func (h *hook) fsync(fd int) error {
	if err := h.at("fsync"); err != nil {
		return err
	}
	return h.system.fsync(fd)
}

func (h *hook) renameat2(dir int, from, to string, flags uint) error {
	if err := h.at("renameat2"); err != nil {
		return err
	}
	return h.system.renameat2(dir, from, to, flags)
}

func (h *hook) unlinkat(dir int, name string) error {
	if err := h.at("unlinkat"); err != nil {
		return err
	}
	return h.system.unlinkat(dir, name)
}

func (h *hook) flock(fd, how int) error {
	if err := h.at("flock"); err != nil {
		return err
	}
	return h.system.flock(fd, how)
}

// bed is a folder with a broker over it.
type bed struct {
	t    testing.TB
	path string
	fd   int
	sys  *hook
	*Broker
}

// lay makes a broker over a folder, with the toy language for AppArmor rules.
// closing is what the death of the process would do to the folder's lock.
func lay(t testing.TB, path string, change func(*Options)) *bed {
	t.Helper()
	fd, err := unix.Open(path, unix.O_RDONLY|unix.O_DIRECTORY|unix.O_CLOEXEC, 0)
	if err != nil {
		t.Fatal(err)
	}
	d := &bed{t: t, path: path, fd: fd, sys: &hook{system: kernel{}}}
	o := Options{Trust: record.TrustKernel, Targets: []Target{{Folder: fd, Path: path}}}
	if change != nil {
		change(&o)
	}
	langs := make([]language, len(o.Targets))
	for i := range langs {
		langs[i] = toy{}
	}
	if d.Broker, err = newBroker(o, langs, d.sys); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(d.die)
	return d
}

// die closes the folder, as the end of the process would.
func (d *bed) die() {
	if d.fd >= 0 {
		_ = unix.Close(d.fd)
		d.fd = -1
	}
}

func rule(profile, text string) *record.Rule {
	return &record.Rule{Lang: record.AppArmor, Profile: profile, Text: text, Evidence: record.Evidence{Trust: record.TrustKernel, Count: 1}}
}

func (d *bed) add(profile, text string) {
	d.t.Helper()
	if err := d.AddRule(rule(profile, text)); err != nil {
		d.t.Fatal(err)
	}
}

// plan wants a plan without refusals.
func (d *bed) plan() []Change {
	d.t.Helper()
	changes, refused, err := d.Plan()
	if err != nil || len(refused) > 0 {
		d.t.Fatalf("plan: %v, refused %v", err, refused)
	}
	return changes
}

// run wants everything to go well, from Plan to Commit.
func (d *bed) run(state []byte) []Change {
	d.t.Helper()
	changes := d.plan()
	if err := d.Commit(changes, state); err != nil {
		d.t.Fatal(err)
	}
	return changes
}

// refuses wants Plan to refuse one file with a text that holds want.
func (d *bed) refuses(want string) {
	d.t.Helper()
	changes, refused, err := d.Plan()
	if err != nil || len(changes) != 0 || len(refused) != 1 || !strings.Contains(refused[0].Error(), want) {
		d.t.Fatalf("plan: %d changes, refused %v, error %v; want a refusal with %q", len(changes), refused, err, want)
	}
}

// beside puts the bed's folder beside the profiles of a policy.
func beside(files map[string]string) func(*Options) {
	texts := make(map[string][]byte, len(files))
	for name, text := range files {
		texts[name] = []byte(text)
		if text == "unread" {
			texts[name] = nil
		}
	}
	return func(o *Options) {
		o.Targets[0].Policy, o.Targets[0].Locals = "/d", header.New("/d", texts).Locals()
	}
}

func write(t testing.TB, folder, name, text string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

// content is what stands in a file; "absent" where there is none.
func content(t testing.TB, folder, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(folder, name))
	if errors.Is(err, os.ErrNotExist) {
		return "absent"
	}
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// names lists a folder.
func names(t testing.TB, folder string) []string {
	t.Helper()
	entries, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	list := []string{}
	for _, e := range entries {
		list = append(list, e.Name())
	}
	return list
}

// part is a managed part with these rules.
func part(rules ...string) string {
	text := beginLine + "\n"
	for _, r := range rules {
		text += "  " + r + "\n"
	}
	return text + endLine + "\n"
}
