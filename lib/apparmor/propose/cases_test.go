package propose_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/sl-suite/sl/lib/apparmor/policy"
	"github.com/sl-suite/sl/lib/apparmor/propose"
	"github.com/sl-suite/sl/lib/kernlog"
	"github.com/sl-suite/sl/lib/record"
)

// publicCases are lines that people have published, and what they call for: "rule" or
// "kind: text", one a line. A text that ends in "..." goes on. Those of notes about
// snaps and containers are left out.
var publicCases = map[string]string{
	"aa-net-requested-only":         "incomplete: file_inherit without denied_mask: no rule",
	"apparmor-null":                 `inherited: "apparmor/.null" stands in the place of a file that was denied when the program started`,
	"cap-fallback-of-ptrace":        "ptrace (read) peer=\"unconfined\",\nfallback: the kernel asks for capability perfmon...\nfallback: the kernel asks for capability sys_admin...",
	"change-onexec-label-not-found": `transition: change_onexec to "ubuntu_pro_apt_news": "label not found"`,
	"complain-px-missing":           "exec: what \"/t/helper\" does belongs to the profile that the rule for it names...\ntransition: exec of \"/t/helper\": \"profile transition not found\"",
	"dbus-without-peer-label":       `dbus (send) bus=system path="/" interface="org.freedesktop.DBus.ObjectManager" member="GetManagedObjects" peer=(name="org.bluez"),`,
	"disconnected-apparmor-null":    "owner \"/d/f\" rw,\ninherited: \"apparmor/.null\" stands...",
	"exec-ix-needs-mr":              `"/usr/local/bin/rastertocapt" rmix,`,
	"file-socket-op-without-class":  "owner \"/run/systemd/notify\" w,\nowner \"/run/user/1000/bus\" w,\ndisconnected: \"run/systemd/journal/dev-log\" is reachable...",
	"k72-link-subset":               "owner \"/d/f\" w,\nowner \"/d/f\" rmix,",
	"link-subset":                   "owner \"/var/tmp/portage/build/debug/deps/libbootstrap-4542dd99e796257e.rlib\" rmix,\nowner \"/home/user/.cache/#*\" k,\nonce: names like \"/var/tmp/portage/build/debug/deps/libbootstrap-*.rlib\"...",
	"link-target-restricted":        `owner link "/d/l" -> "/d/f",`,
	"mount-detached-fsmount":        `mount options=(move) "" -> "/d/m/",`,
	"mount-lazytime":                "mount fstype=tmpfs options=(rw) \"tmpfs\" -> \"/d/m/\",\nflags: the kernel names no flag...",
	"mount-move-detached":           `mount options=(move) "" -> "/proc/",`,
	"mount-nosource":                "mount fstype=tmpfs options=(rw) \"\" -> \"/d/m/\",\nmount fstype=tmpfs options=(rw) \"\" -> \"/d/m/\",",
	"mqueue-without-name":           "mqueue (write) type=sysv,\nmqueue (getattr) type=posix,",
	"names-of-one-run": `owner "/dev/shm/.org.chromium.Chromium.w9aIyj" w,
owner "/dev/shm/mono.20414" w,
owner "/etc/.#locale.conffbda0356a1df5f8b" w,
owner "/home/user/snap/indicator-sensors/44/.config/indicator-sensors/sensors.C1T9LZ" w,
owner "/home/user/snap/indicator-sensors/44/.config/indicator-sensors/sensors.OH6ULZ" w,
owner "/run/firejail/dbus/1000/5813-user" w,
owner "/sys/fs/cgroup/user.slice/user-1000.slice/user@1000.service/app.slice/app-org.kde.dolphin-40820.scope/cgroup.procs" w,
once: names like "/dev/shm/.org.chromium.Chromium.??????"...
once: names like "/dev/shm/mono.*"...
once: names like "/etc/.#locale.conf*"...
once: names like "/home/user/snap/indicator-sensors/*/.config/indicator-sensors/sensors.??????"...
once: names like "/run/firejail/dbus/*/*-user"...
once: names like "/sys/fs/cgroup/user.slice/user-*.slice...`,
	"net-admin-of-sd-notify":      "capability net_admin,\nowner \"/run/systemd/notify\" w,\nfallback: sd_notify(3)...",
	"net-dccp-hint":               `unsupported: "network (create) inet dccp," is no rule...`,
	"net-ephemeral-port":          `network (receive, send) inet stream peer=(ip=127.0.0.1 port=7777),`,
	"pasted-enriched":             "\"/run/modprobe.d/\" r,\nowner \"/etc/resolvconf.conf\" r,\nowner \"/home/user/.local/share/fonts/.uuid.TMP-mX2Vd6\" w,\nonce: names like \"/home/user/.local/share/fonts/.uuid.TMP-??????\"...",
	"policy-ix-implies-m":         "allowed: rules that the installed policy has already are left out",
	"policy-rttime":               "allowed: rules that the installed policy...\nrlimit: a rule for \"rttime\"...",
	"proc-pid-of-unknown-profile": `owner "@{PROC}/@{pid}/smaps_rollup" r,`,
	"rsyslog-repeated":            `dbus (send) bus=session path="/org/gnome/SessionManager" interface="org.gnome.SessionManager" member="Inhibit" peer=(name="org.gnome.SessionManager", label="unconfined"),`,
	"snap-profile":                "\"/proc/spl/kstat/zfs/arcstats\" r,",
	"unix-abstract-hex":           `unix (send) type=dgram addr="none" peer=(label="unconfined", addr="@var/run/nvidia-xdriver-e325acf4\000*"),`,
	"unix-addr-none":              `unix (connect, receive, send) type=stream addr="none" peer=(label="unconfined", addr="@srv"),`,
	"unix-autobind":               `unix (send) type=dgram addr="auto" peer=(label="unconfined", addr="@dgr"),`,
	"unix-hex-bind":               `unix (bind) type=stream addr="@a b",`,
	"unix-hex-nulpad":             `unix (bind) type=stream addr="@padn\000*",`,
	"unix-hex-peer":               `unix (connect, receive, send) type=stream addr="none" peer=(label="unconfined", addr="@a\351b"),`,
	"unix-path-coarse":            "unix (connect, receive, send) type=stream,\nunix (bind) type=stream,\nunix (send) type=dgram,",
	"unix-without-denied-mask":    "incomplete: file_inherit without denied_mask: no rule",
	"userns-fallback-profile":     `userns: "nsjail" makes a user namespace and has no profile...`,

	"policy/RWM":                "allowed: ...",
	"policy/all-change_profile": `change_profile -> "unconfined",`,
	"policy/attach-path":        "\"/path\" r,",
	"policy/dbus-unique-name":   "allowed: ...",
	"policy/ix-m":               "allowed: ...",
	"policy/mount-options":      "allowed: ...",
	"policy/mqueue-wr":          "allowed: ...",
	"policy/name-values":        "allowed: ...",
	"policy/net-peer":           "allowed: ...",
	"policy/onexec-cp":          "allowed: ...",
	"policy/priority-deny":      "signal (send) set=(term) peer=\"x\",\n\"/f\" r,",
	"policy/unix-alternation":   "allowed: ...",
}

// notHere are cases that are met elsewhere, or not yet, and why.
var notHere = map[string]string{
	"dbus-broker-journal":     "a record of a journal, which is read as JSON",
	"journalctl-locale-month": "how lines are read",
}

// Every published case calls for what it should: a rule that closes it, or a note.
func TestPublicCases(t *testing.T) {
	const folder = "../../../../shared/cases/"
	logs, _ := filepath.Glob(folder + "apparmor/*.log")
	more, _ := filepath.Glob(folder + "policy/*.log")
	if logs = append(logs, more...); len(logs) == 0 {
		t.Skip("no published cases in " + folder)
	}
	met := 0
	for _, log := range logs {
		name := strings.TrimPrefix(strings.TrimPrefix(strings.TrimSuffix(log, ".log"), folder), "apparmor/")
		if why, ok := notHere[name]; ok {
			t.Logf("%s: %s", name, why)
			continue
		}
		want, ok := publicCases[name]
		if !ok {
			t.Errorf("%s: a case of which nothing is known", name)
			continue
		}
		if got := strings.Join(callsFor(t, log), "\n"); !goesOn(got, want) {
			t.Errorf("%s: got\n%s\nwant\n%s", name, got, want)
			continue
		}
		met++
	}
	t.Logf("%d of %d cases met", met, len(logs))
}

// callsFor returns the rules and notes of a log, with the policy beside it.
func callsFor(t *testing.T, log string) (list []string) {
	t.Helper()
	text, err := os.ReadFile(log)
	if err != nil {
		t.Fatal(err)
	}
	options := propose.Options{Parser: 5, Exec: propose.Inherit}
	for _, suffix := range []string{".policy", ".profile"} {
		if there, err := os.ReadFile(strings.TrimSuffix(log, ".log") + suffix); err == nil {
			options.Policy = policy.New("/d", map[string]string{"p": string(there)})
		}
	}
	p := propose.New(options)
	parser := kernlog.New(kernlog.Config{})
	for line := range bytes.Lines(text) {
		var ev record.Event
		result, err := parser.Parse(bytes.TrimRight(line, "\n"), nil, &ev)
		if err != nil {
			t.Errorf("%s: %v", log, err)
		} else if result.Kind == kernlog.Event {
			p.AddEvent(&ev)
		}
	}
	for r := range p.Rules() {
		list = append(list, r.Text)
	}
	for n := range p.Notes() {
		if text := n.Kind + ": " + n.Text; n.Kind != "local" && (len(list) == 0 || list[len(list)-1] != text) {
			list = append(list, text)
		}
	}
	return list
}

// goesOn reports whether the lines are those that are wanted, of which one that ends in
// "..." may go on.
func goesOn(got, want string) bool {
	a, b := strings.Split(got, "\n"), strings.Split(want, "\n")
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		begin, more := strings.CutSuffix(b[i], "...")
		if a[i] != b[i] && !(more && strings.HasPrefix(a[i], begin)) {
			return false
		}
	}
	return true
}
