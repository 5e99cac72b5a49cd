package propose

import (
	"strings"
	"testing"
)

// Names of one run have a narrow pattern; other names have none.
func TestNamesOfOneRun(t *testing.T) {
	for path, want := range map[string]string{
		"/dev/shm/mono.20414":                                         "/dev/shm/mono.*",
		"/run/firejail/dbus/1000/5813-user":                           "/run/firejail/dbus/*/*-user",
		"/home/user/snap/indicator-sensors/44/.config/sensors.C1T9LZ": "/home/user/snap/indicator-sensors/*/.config/sensors.??????",
		"@{HOME}/snap/x/44/y":                                         "@{HOME}/snap/x/*/y",
		"/etc/.#locale.conffbda0356a1df5f8b":                          "/etc/.#locale.conf*",
		"/dev/shm/.org.chromium.Chromium.w9aIyj":                      "/dev/shm/.org.chromium.Chromium.??????",
		"/var/tmp/portage/deps/lib-4542dd99e796257e.rlib":             "/var/tmp/portage/deps/lib-*.rlib",
		"/sys/fs/cgroup/user.slice/user-1000.slice/user@1000.service/app.slice/app-org.kde.dolphin-40820.scope/cgroup.procs": "/sys/fs/cgroup/user.slice/user-*.slice/user@*.service/app.slice/app-org.kde.dolphin-*.scope/cgroup.procs",
		"/proc/58/status": "@{PROC}/@{pid}/status",
		"/srv/01234567-89ab-cdef-0123-456789abcdef/x": "/srv/*/x",
		"/proc/1/status": "", "/proc/sys/x": "", "/run/user/1000/bus": "", "/usr/lib/python3.11/x.py": "", "/etc/sha256": "", "/srv/x.Python": "", "/srv/x.sha256": "",
		"/sys/devices/pci0000:00/0000:00:02.0/resource": "", "/var/log/x.20240101": "", "/srv/deadbeefface": "", "/srv/x.README": "", `/srv/x\134.C1T9LZ`: "", "/tmp/#*": "",
	} {
		got, ok := ofOneRun(path)
		if !ok {
			got = ""
		}
		if got != want {
			t.Errorf("%s: %q, want %q", path, got, want)
		}
	}
}

// The rule is for what was denied, with a note; with globs it is for the pattern,
// but not where that is more dangerous, and never wide when it is to be exact.
func TestRulesOfOneRun(t *testing.T) {
	events := []string{own + "operation=mknod denied_mask=c name=/tmp/sensors.C1T9LZ", own + "operation=mknod denied_mask=c name=/tmp/sensors.OH6ULZ",
		file + "operation=open denied_mask=r name=/etc/ssl/private/x.C1T9LZ"}
	const secret = `p: "/etc/ssl/private/x.C1T9LZ" r,`
	const note = "p: [once] names like %q are others at every run: a rule for one of them never matches again"
	for _, c := range []struct {
		options Options
		want    string
	}{
		{Options{}, secret + "\n" + `p: owner "/tmp/sensors.C1T9LZ" w,` + "\n" + `p: owner "/tmp/sensors.OH6ULZ" w,` + "\n" +
			strings.Replace(note, "%q", `"/etc/ssl/private/x.??????"`, 1) + "\n" + strings.Replace(note, "%q", `"/tmp/sensors.??????"`, 1)},
		{Options{Glob: 9}, secret + "\n" + `p: owner "/tmp/sensors.??????" w,` + "\n" + strings.Replace(note, "%q", `"/etc/ssl/private/x.??????"`, 1)},
		{Options{NoVariables: true}, secret + "\n" + `p: owner "/tmp/sensors.C1T9LZ" w,` + "\n" + `p: owner "/tmp/sensors.OH6ULZ" w,`},
	} {
		p, merged := New(c.options), New(c.options)
		for _, e := range events {
			p.AddEvent(event(t, e))
			one := New(c.options)
			one.AddEvent(event(t, e))
			for _, r := range allRules(one) {
				merged.AddRule(&r)
			}
			for _, n := range allNotes(one) {
				merged.AddNote(&n)
			}
		}
		for _, p := range []*Proposer{p, merged} {
			if got := strings.Join(outcome(p), "\n"); got != c.want {
				t.Errorf("%+v: got\n%s\nwant\n%s", c.options, got, c.want)
			}
		}
	}
}
