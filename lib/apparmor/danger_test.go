package apparmor

import (
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestDanger(t *testing.T) {
	for text, want := range map[string]struct {
		level uint8
		why   string
	}{
		`"/srv/x" r,`:                                    {1, "reads a file"},
		`network unix stream,`:                           {7, "connects to any abstract Unix socket"},
		`"/srv/x" w,`:                                    {2, "writes a file"},
		`"/srv/x" ix,`:                                   {3, "runs a program"},
		`"/srv/x" px,`:                                   {5, "runs a program in another profile with an environment that the caller chose"},
		`"/srv/x" Ux,`:                                   {10, "runs a program without confinement"},
		`"/srv/x" PUx,`:                                  {10, "runs a program without confinement where the profile is missing"},
		`"/srv/x" wix,`:                                  {7, "writes and runs the same file"},
		`"/srv/x" wm,`:                                   {7, "writes and runs the same file"},
		`"/etc/passwd" r,`:                               {1, "reads a file"},
		`"/etc/passwd" w,`:                               {9, "writes the users"},
		`"/etc/shadow" r,`:                               {7, "reads the passwords"},
		`owner "/etc/apparmor.d/x" w,`:                   {10, "writes the AppArmor policy"},
		`"/boot/vmlinuz" w,`:                             {9, "writes what the system boots"},
		`"/usr/bin/sudo" Px,`:                            {6, "runs a setuid program"},
		`"/bin/bash" ix,`:                                {4, "runs a shell"},
		`"/home/u/.ssh/id_rsa" r,`:                       {8, "reads the keys of a user"},
		`"/**" rwix,`:                                    {10, "writes the AppArmor policy"},
		`"/**" r,`:                                       {9, "reads any file, by another name"},
		`"/usr/bin/python3.11" ix,`:                      {4, "runs an interpreter"},
		`"/etc/*" r,`:                                    {8, "reads the keys of the host"},
		`"/srv/*" rw,`:                                   {2, "writes a file"},
		`"/srv/x/.ssh/*" w,`:                             {9, "writes the keys of a user"},
		`"/srv/id_rsa" r,`:                               {8, "reads the keys of a user"},
		`"/srv/**" r,`:                                   {8, "reads the keys of a user, which can lie there"},
		`"@{HOME}/.cache/x" rw,`:                         {6, "writes the files of root"},
		`"/etc/**" w,`:                                   {10, "writes the AppArmor policy"},
		`"@{HOME}/.ssh/*" r,`:                            {8, "reads the keys of a user"},
		`owner "@{HOME}/.ssh/*" r,`:                      {8, "reads the keys of a user"},
		`owner "@{HOME}/.gnupg/x" r,`:                    {8, "reads the keys of a user"},
		`owner "@{HOME}/**" rw,`:                         {9, "writes a socket that is as good as root, which can lie there"},
		`owner "@{HOME}/**" r,`:                          {8, "reads the keys of a user, which can lie there"},
		`owner "@{HOME}/*" w,`:                           {9, "writes what a user's login runs"},
		`owner "@{HOME}/.bashrc" w,`:                     {9, "writes what a user's login runs"},
		`owner "/home/u/.bashrc" w,`:                     {9, "writes what a user's login runs"},
		`owner "/home/u/.bashrc" r,`:                     {2, "reads the files of its user"},
		`owner "/home/u/.bash_history" r,`:               {5, "reads what a user has typed"},
		`owner "@{HOME}/.config/autostart/*" w,`:         {9, "writes what a user's login runs, or a password"},
		`owner "/root/.config/systemd/user/x" w,`:        {9, "writes what a user's programs run or obey"},
		`owner "@{HOME}/.mozilla/x/y" r,`:                {7, "reads the passwords of a user"},
		`owner "@{HOME}/.cache/foo" r,`:                  {2, "reads the files of its user"},
		`owner "@{HOME}/.cache/foo" rw,`:                 {3, "writes the files of its user"},
		`owner "@{HOME}/.cache/*" rw,`:                   {3, "writes the files of its user"},
		`owner "@{run}/user/@{uid}/bus" rw,`:             {5, "writes the bus of a user's session"},
		`owner "@{run}/user/@{uid}/systemd/private" rw,`: {9, "writes what a user's session runs"},
		`owner "@{run}/user/@{uid}/systemd/notify" w,`:   {2, "writes a file"},
		`owner "@{run}/user/@{uid}/x" rw,`:               {8, "writes what a user's session listens to"},
		`"/sys/fs/cgroup/cpu/a/release_agent" w,`:        {10, "writes a program that the kernel runs"},
		`"/usr/share/dbus-1/system.d/x" w,`:              {9, "writes what the bus starts, and who may use it"},
		`"/etc/NetworkManager/system-connections/x" r,`:  {7, "reads the passwords of networks"},
		`"/home/u/x" r,`:                                 {3, "reads the files of a user"},
		`owner "/root/x" rw,`:                            {3, "writes the files of its user"},
		`"/root/x" rw,`:                                  {6, "writes the files of root"},
		`"@{PROC}/@{pid}/status" r,`:                     {1, "reads a file"},
		`"@{nosuch}" w,`:                                 {10, "@{nosuch} is not defined in this policy"},
		`link "/tmp/x" -> "/etc/shadow",`:                {10, "writes the passwords"},
		`capability mac_admin,`:                          {10, "changes the AppArmor policy"},
		`capability sys_nice,`:                           {2, "changes priorities"},
		`change_profile -> "unconfined",`:                {10, "leaves its confinement"},
		`change_profile -> "**",`:                        {10, "leaves its confinement"},
		`change_profile -> "other",`:                     {5, "changes to another profile"},
		`ptrace (trace) peer="unconfined",`:              {9, "takes over processes that are not confined"},
		`ptrace (read) peer="x",`:                        {4, "reads the state of processes of another profile"},
		`ptrace (tracedby) peer="x",`:                    {3, "is traced"},
		`signal (send) set=(kill) peer="un*",`:           {4, "signals processes that are not confined"},
		`network inet raw,`:                              {6, "forges and reads packets"},
		`network netlink raw,`:                           {4, "talks to the kernel by netlink"},
		`deny "/**" rwx,`:                                {0, "denies"},
		`dbus (send) bus=system path="/o" interface="org.freedesktop.systemd1.Manager" member="ListUnits" peer=(label="unconfined"),`: {4, "sends messages"},
		`dbus (send) bus=system path="/o" interface="org.freedesktop.systemd1.Manager" member="StartUnit" peer=(label="unconfined"),`: {9, "tells the service manager what to run"},
	} {
		r, err := Parse(text)
		if err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		if level, why := Danger(r); level != want.level || why != want.why {
			t.Errorf("%s: %d, %s; want %d, %s", text, level, why, want.level, want.why)
		}
	}
}

// The tables are of use only if each of their lines is right, and can be met.
func TestDangerTables(t *testing.T) {
	for _, name := range capabilities.words {
		if level, why := Danger(Rule{Body: Capability{Name: name}}); level == 8 && strings.Contains(why, "not known") {
			t.Errorf("capability %s has no danger", name)
		}
	}
	hit := make(map[string]bool)
	for _, text := range slices.Concat(dangerTexts, texts(parseAll(t, canonicalTexts()))) {
		r, err := Parse(text)
		if err != nil {
			t.Fatal(err)
		}
		level, why := Danger(r)
		hit[fmt.Sprint(r.Body.Class(), level, why)] = true
	}
	last := make(map[Class]bool)
	for _, d := range classDangers {
		if last[d.class] {
			t.Errorf("%s %q stands behind a row for all of them", d.class, d.when)
		}
		last[d.class] = d.when == ""
		if d.level == 0 || d.why == "" {
			t.Errorf("%s %q: level %d, %q", d.class, d.when, d.level, d.why)
		}
		if d.class != ClassCapability && !hit[fmt.Sprint(d.class, d.level, d.why)] {
			t.Errorf("%s %q: no rule has it", d.class, d.when)
		}
		for _, word := range strings.Fields(strings.Join(withoutBraces(d.when), " ")) {
			attr, pattern, ok := strings.Cut(word, "=")
			if !ok || !slices.Contains(attributes[d.class], attr) {
				t.Errorf("%s %q: no attribute %q", d.class, d.when, attr)
			}
			if p := (Pattern{strings.TrimPrefix(pattern, "=")}); p.text != "" && p.check() != nil {
				t.Errorf("%s %q: %v", d.class, d.when, p.check())
			}
		}
	}
	for class := ClassCapability; class < ClassFile; class++ {
		own := class == ClassMount || class == ClassUmount || class == ClassChangeProfile
		if last[class] == own {
			t.Errorf("%s has no row for all other rules", class)
		}
	}
	for _, table := range [][]pathDanger{pathDangers, socketDangers, homeDangers, stateDangers, areas} {
		for _, d := range table {
			checkPathRow(t, d.pattern)
			if max(d.read, d.write, d.exec) > 10 || d.read+d.write+d.exec == 0 {
				t.Errorf("%s: levels %d, %d, %d", d.pattern, d.read, d.write, d.exec)
			}
		}
	}
	for _, h := range harmlessPaths {
		checkPathRow(t, h.pattern)
		if h.why == "" || strings.Trim(h.access, "rw") != "" || h.access == "" {
			t.Errorf("%s: access %q, %q", h.pattern, h.access, h.why)
		}
	}
	if len(execDangers) != len(execNames) {
		t.Error("a mode of execution has no danger")
	}
	for name := range tunables {
		if _, err := Variable(name); err != nil {
			t.Error(err)
		}
		values, err := debian().values(name)
		if err != nil {
			t.Error(err)
		}
		for _, text := range values {
			if _, err := newMachine(text); err != nil {
				t.Errorf("@{%s}: %v", name, err)
			}
		}
	}
}

// checkPathRow holds a line of a table of paths.
func checkPathRow(t *testing.T, pattern string) {
	t.Helper()
	pattern = strings.TrimPrefix(strings.TrimPrefix(pattern, "owner "), "other ")
	for _, text := range withoutBraces(strings.ReplaceAll(pattern, "@{HOME}", "/**/home/*")) {
		if err := (Pattern{text}).check(); err != nil || !strings.HasPrefix(text, "/") {
			t.Errorf("%s: %v", text, err)
		}
		if _, ok := newShape(text); !ok {
			t.Errorf("%s: too long", text)
		}
		if n := strings.Count(strings.TrimSuffix(text, "**"), "**"); n > 2 {
			t.Errorf("%s: %d times ** before its end, for which matches is too slow", text, n)
		}
	}
}

// The manual page names rules of every level.
func TestDangerInPage(t *testing.T) {
	page, err := os.ReadFile("../../man/sl-apparmor.1")
	if err != nil {
		t.Fatal(err)
	}
	_, section, _ := strings.Cut(string(page), "\n.Ss Danger\n")
	section, _, _ = strings.Cut(section, "\n.Ss ")
	levels := make(map[uint8]bool)
	for _, row := range regexp.MustCompile(`(?m)^\.It (\d+) Ta Ql (.+)$`).FindAllStringSubmatch(section, -1) {
		r, err := Parse(strings.ReplaceAll(row[2], `\(dq`, `"`))
		if err != nil {
			t.Errorf("%s: %v", row[2], err)
			continue
		}
		level, why := Danger(r)
		if fmt.Sprint(level) != row[1] {
			t.Errorf("%s has danger %d (%s), the page says %s", r.Text(), level, why, row[1])
		}
		levels[level] = true
	}
	if len(levels) != 10 {
		t.Errorf("the page has rules of the levels %v, want 1 to 10", levels)
	}
}

// attributes are what conditions may ask for.
var attributes = map[Class][]string{
	ClassCapability: {"capability"}, ClassNetwork: {"family", "sock_type"}, ClassUnix: {"access", "sock_type", "peer_label", "peer_addr"},
	ClassSignal: {"access", "peer"}, ClassPtrace: {"access", "peer"},
	ClassDBus: {"access", "path", "member", "peer_name", "interface", "name"}, ClassIOUring: {"access", "label"},
}

// dangerTexts are rules of levels that none of the others has.
var dangerTexts = []string{
	`network unix stream,`,
	`unix (connect) type=stream,`, `ptrace (read) peer="unconfined",`, `ptrace (trace) peer="x",`, `ptrace (trace) peer="unconfined",`,
	`ptrace (read) peer="x",`, `change_profile -> "unconfined",`,
	`dbus (send) bus=system path="/" interface="org.freedesktop.systemd1.Manager" member="StartUnit" peer=(label="x"),`,
	`network netlink raw,`, `dbus (receive) bus=system path="/" interface="a.b" member="M" peer=(label="l"),`,
	`unix (connect) type=stream peer=(addr="@/containerd-shim/x.sock"),`, `unix (connect) type=stream peer=(addr="@/tmp/.X11-unix/X0"),`,
	`dbus (send) bus=system path="/" interface="org.freedesktop.NetworkManager.Settings.Connection" member="GetSecrets" peer=(label="x"),`,
	`unix (send) type=dgram,`, `io_uring (override_creds) label="unconfined",`, `dbus (bind) bus=session name="org.freedesktop.secrets",`,
	`unix (connect) type=stream peer=(addr="@x"),`, `unix (connect) type=stream peer=(addr="@/tmp/.ICE-unix/1"),`,
	`dbus (send) bus=session path="/" interface="org.freedesktop.Secret.Service" member="OpenSession" peer=(label="x"),`,
	`dbus (send) bus=session path="/" interface="org.freedesktop.portal.RemoteDesktop" member="Start" peer=(label="x"),`,
	`dbus (send) bus=session path="/" interface="a.b" member="Eval" peer=(label="x"),`,
	`dbus (send) bus=session path="/" interface="org.kde.krunner.App" member="display" peer=(label="x"),`,
	`dbus (send) bus=session path="/" interface="ca.desrt.dconf.Writer" member="Change" peer=(label="x"),`,
	`dbus (send) bus=system path="/" interface="org.freedesktop.login1.Manager" member="PowerOff" peer=(label="x"),`,
	`dbus (send) bus=system path="/" interface="org.freedesktop.PackageKit.Transaction" member="InstallPackages" peer=(label="x"),`,
}

func canonicalTexts() (list []string) {
	for _, c := range canonical {
		list = append(list, c.text)
	}
	return list
}

// An index that misses a row would make a rule look harmless.
func TestDangerIndexFindsEveryRow(t *testing.T) {
	rows := 0
	for i := range dangerRows().lines {
		line := &dangerRows().lines[i]
		for _, row := range line.rows {
			if rows++; row.elsewhere {
				continue
			}
			path := strings.ReplaceAll(row.text, "*", "x")
			meeter := newPathMeeter(Pattern{path}, path)
			found := false
			meeter.lines(dangerRows(), &wanted{owner: line.owned, read: true, write: true, exec: true}, func(l *pathLine) bool {
				found = found || l == line
				return true
			})
			if !found {
				t.Errorf("%s is not looked at for %s", line.pattern, path)
			}
			f := File{Owner: line.owned, Path: Pattern{path}, Access: Read | Write, Exec: IX}
			if level, _ := f.danger(debian()); level < max(line.read, line.write, line.exec) && !line.area {
				t.Errorf("%s: danger %d, want that of %s", path, level, line.pattern)
			}
		}
	}
	t.Logf("%d lines, %d rows", len(dangerRows().lines), rows)
}

// A hostile rule takes no time to speak of.
func TestDangerOfHostilePatterns(t *testing.T) {
	for _, text := range []string{
		"/" + strings.Repeat("*a", 2000), "/dev/" + strings.Repeat("*a", 15), "/**" + strings.Repeat("/a**", 15), "/home/*/" + strings.Repeat(".*", 30),
		"/" + strings.Repeat("home/", 800) + ".x", "/" + strings.Repeat("docker/", 580) + "sock", strings.Repeat("/@{run}", 500), strings.Repeat("/@{pid}", 580),
		"@{HOME}" + strings.Repeat("/@{multiarch}", 300), "/**/" + strings.Repeat("a", 4000) + "**b", "/" + strings.Repeat(`\134`, 1000) + "*", "@{HOME}/" + strings.Repeat("x", 4000) + "*x",
	} {
		r, err := Parse(`"` + text + `" rw,`)
		if err != nil {
			t.Errorf("%.40s: %v", text, err)
			continue
		}
		begin := time.Now()
		level, why := Danger(r)
		took := time.Since(begin)
		t.Logf("%.40s: %v, %d, %s", text, took, level, why)
		if took > time.Second {
			t.Errorf("%.40s: %v", text, took)
		}
	}
}

func BenchmarkDanger(b *testing.B) {
	r, err := Parse(`"/var/lib/app/some/file/name.db" rw,`)
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		Danger(r)
	}
}
