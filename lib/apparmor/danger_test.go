package apparmor

import "testing"

func TestDanger(t *testing.T) {
	for text, want := range map[string]struct {
		level uint8
		why   string
	}{
		`"/srv/x" r,`:                          {1, "reads a file"},
		`"/srv/x" w,`:                          {2, "writes a file"},
		`"/srv/x" ix,`:                         {3, "runs a program"},
		`"/srv/x" px,`:                         {5, "runs a program in another profile with an environment that the caller chose"},
		`"/srv/x" Ux,`:                         {10, "runs a program without confinement"},
		`"/srv/x" PUx,`:                        {9, "runs a program without confinement where the profile is missing"},
		`"/srv/x" wix,`:                        {7, "writes and runs the same file"},
		`"/srv/x" wm,`:                         {7, "writes and runs the same file"},
		`"/etc/passwd" r,`:                     {1, "reads a file"},
		`"/etc/passwd" w,`:                     {9, "writes the users"},
		`"/etc/shadow" r,`:                     {7, "reads the passwords"},
		`owner "/etc/apparmor.d/x" w,`:         {10, "writes the AppArmor policy"},
		`"/boot/vmlinuz" w,`:                   {9, "writes what the system boots"},
		`"/usr/bin/sudo" Px,`:                  {6, "runs a setuid program"},
		`"/bin/bash" ix,`:                      {4, "runs a shell"},
		`"/home/u/.ssh/id_rsa" r,`:             {8, "reads the keys of a user"},
		`"/**" rwix,`:                          {10, "writes the AppArmor policy"},
		`"/**" r,`:                             {9, "reads the memory"},
		`"/usr/bin/python3.11" ix,`:            {4, "runs an interpreter"},
		`"/etc/*" r,`:                          {8, "reads the keys of the host"},
		`"/srv/*" rw,`:                         {2, "writes a file"},
		`"/srv/x/.ssh/*" w,`:                   {9, "writes the keys of a user"},
		`"/srv/id_rsa" r,`:                     {8, "reads the keys of a user"},
		`"/srv/**" r,`:                         {8, "reads the keys of a user"},
		`"@{HOME}/.cache/x" rw,`:               {6, "writes the files of root"},
		`"/etc/**" w,`:                         {10, "writes the AppArmor policy"},
		`"@{HOME}/.ssh/*" r,`:                  {8, "reads the keys of root"},
		`"@{PROC}/@{pid}/status" r,`:           {1, "reads a file"},
		`"@{nosuch}" w,`:                       {10, "writes the AppArmor policy"},
		`link "/tmp/x" -> "/etc/shadow",`:      {9, "writes the passwords"},
		`capability mac_admin,`:                {10, "changes the AppArmor policy"},
		`capability sys_nice,`:                 {2, "changes priorities"},
		`change_profile -> "unconfined",`:      {10, "leaves its confinement"},
		`change_profile -> "**",`:              {10, "leaves its confinement"},
		`change_profile -> "other",`:           {5, "changes to another profile"},
		`ptrace (trace) peer="unconfined",`:    {9, "takes over processes that are not confined"},
		`ptrace (read) peer="x",`:              {4, "reads the state of processes of another profile"},
		`ptrace (tracedby) peer="x",`:          {3, "is traced"},
		`signal (send) set=(kill) peer="un*",`: {4, "signals processes that are not confined"},
		`network inet raw,`:                    {6, "forges and reads packets"},
		`network netlink raw,`:                 {4, "talks to the kernel by netlink"},
		`deny "/**" rwx,`:                      {0, "denies"},
		`dbus (send) bus=system path="/o" interface="org.freedesktop.systemd1.Manager" member="ListUnits" peer=(label="unconfined"),`: {4, "sends messages"},
		`dbus (send) bus=system path="/o" interface="org.freedesktop.systemd1.Manager" member="StartUnit" peer=(label="unconfined"),`: {8, "tells the service manager what to run"},
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

// The tables are of use only if each of their lines is right.
func TestDangerTables(t *testing.T) {
	for _, name := range capabilities.words {
		if _, ok := capabilityDangers[name]; !ok {
			t.Errorf("capability %s has no danger", name)
		}
	}
	if len(capabilityDangers) != len(capabilities.words) {
		t.Error("a danger of no capability")
	}
	for _, d := range pathDangers {
		p := Pattern{d.pattern}
		if err := p.check(); err != nil || !p.isPath() {
			t.Errorf("%s: %v", d.pattern, err)
		}
		if max(d.read, d.write, d.exec) > 10 || d.read+d.write+d.exec == 0 || d.read > d.write && d.write != 0 {
			t.Errorf("%s: levels %d, %d, %d", d.pattern, d.read, d.write, d.exec)
		}
	}
	for name, value := range variables {
		if _, err := Variable(name); err != nil {
			t.Error(err)
		}
		for _, text := range value {
			if err := (Pattern{text}).check(); err != nil {
				t.Errorf("@{%s}: %v", name, err)
			}
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
