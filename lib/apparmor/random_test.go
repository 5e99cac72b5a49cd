package apparmor

import (
	"math/rand/v2"
	"strings"
)

// dangerousPaths are what a rule below danger 7 must not let through: the access of
// one of the letters to the path.
var dangerousPaths = []struct{ path, letters string }{
	{"/etc/ld.so.preload", "wa"}, {"/etc/shadow", "rw"}, {"/etc/passwd", "w"}, {"/etc/sudoers.d/x", "w"}, {"/etc/cron.d/x", "w"}, {"/etc/profile.d/x.sh", "w"},
	{"/etc/apparmor.d/usr.bin.x", "w"}, {"/etc/apparmor.d/local/x", "w"}, {"/var/cache/apparmor/x/y", "w"}, {"/sys/kernel/security/apparmor/.replace", "wa"},
	{"/etc/update-motd.d/00-x", "w"}, {"/etc/apt/apt.conf.d/x", "w"}, {"/etc/kernel/postinst.d/x", "w"}, {"/etc/NetworkManager/dispatcher.d/x", "w"},
	{"/etc/rsyslog.d/x.conf", "w"}, {"/etc/systemd/system/x.service", "w"}, {"/etc/ssh/ssh_host_rsa_key", "rw"}, {"/etc/ssl/private/x.key", "rw"},
	{"/etc/resolv.conf", "w"}, {"/etc/alternatives/editor", "w"}, {"/etc/nginx/tls/server.key", "r"},
	{"/usr/bin/true", "w"}, {"/usr/local/bin/x", "w"}, {"/usr/lib/x86_64-linux-gnu/libc.so.6", "w"}, {"/usr/share/python3/x.py", "w"}, {"/opt/google/chrome/chrome", "w"},
	{"/bin/sh", "w"}, {"/lib/modules/6.1/x.ko", "w"}, {"/lib64/ld-linux-x86-64.so.2", "w"}, {"/boot/vmlinuz", "w"}, {"/sbin/init", "w"}, {"/snap/x/1/bin/x", "w"},
	{"/dev/sda", "rw"}, {"/dev/sg0", "rw"}, {"/dev/nbd0", "rw"}, {"/dev/mem", "rw"}, {"/dev/cpu/0/msr", "rw"}, {"/dev/mapper/vg0-root", "rw"}, {"/dev/zvol/x", "rw"},
	{"/dev/input/event0", "rw"}, {"/dev/uinput", "w"}, {"/dev/watchdog", "w"}, {"/dev/bus/usb/001/002", "rw"}, {"/dev/vcs1", "r"}, {"/dev/odd0", "rw"},
	{"/proc/sys/kernel/core_pattern", "w"}, {"/proc/sys/kernel/modprobe", "w"}, {"/proc/sys/kernel/poweroff_cmd", "w"}, {"/proc/sys/vm/overcommit_memory", "w"},
	{"/proc/sysrq-trigger", "w"}, {"/proc/kcore", "r"}, {"/proc/1/root/etc/shadow", "rw"}, {"/proc/4711/cwd/x", "rw"}, {"/proc/1/mem", "rw"},
	{"/sys/kernel/uevent_helper", "w"}, {"/sys/firmware/efi/efivars/x", "w"}, {"/sys/fs/cgroup/x/release_agent", "w"}, {"/sys/fs/cgroup/x/cgroup.procs", "w"},
	{"/sys/power/state", "w"}, {"/sys/kernel/tracing/kprobe_events", "w"}, {"/sys/devices/pci0000:00/0000:00:1f.2/resource0", "w"},
	{"/run/docker.sock", "w"}, {"/var/run/docker.sock", "w"}, {"/run/containerd/containerd.sock", "w"}, {"/run/crio/crio.sock", "w"}, {"/run/incus/unix.socket", "w"},
	{"/var/lib/lxd/unix.socket", "w"}, {"/run/snapd.socket", "w"}, {"/run/libvirt/libvirt-sock", "w"}, {"/run/podman/podman.sock", "w"}, {"/run/systemd/private", "w"},
	{"/run/systemd/system/x.service", "w"}, {"/run/udev/rules.d/x.rules", "w"}, {"/run/dbus-1/system-services/x", "w"}, {"/run/tmpfiles.d/x.conf", "w"},
	{"/run/modprobe.d/x.conf", "w"}, {"/run/sysctl.d/x.conf", "w"}, {"/run/user/1000/systemd/private", "w"}, {"/run/user/1000/systemd/user/x.service", "w"},
	{"/run/user/1000/keyring/ssh", "w"}, {"/run/user/1000/wayland-0", "w"}, {"/run/sudo/ts/u", "w"}, {"/tmp/.X11-unix/X0", "w"}, {"/tmp/tmux-0/default", "w"}, {"/tmp/ssh-x/agent.1", "w"},
	{"/home/u/.bashrc", "w"}, {"/home/u/.profile", "w"}, {"/home/u/.oddrc", "w"}, {"/home/u/.config/autostart/x.desktop", "w"}, {"/home/u/.config/odd/config", "w"},
	{"/home/u/.ssh/authorized_keys", "w"}, {"/home/u/.ssh/id_rsa", "rw"}, {"/home/u/.netrc", "rw"}, {"/home/u/.aws/credentials", "rw"}, {"/home/u/.gnupg/x", "rw"},
	{"/home/u/.local/bin/x", "w"}, {"/home/u/.local/share/applications/x.desktop", "w"}, {"/home/u/bin/x", "w"}, {"/root/.bashrc", "w"}, {"/root/.ssh/authorized_keys", "w"},
	{"/root/.ssh/id_ed25519", "r"}, {"/srv/home/u/.bashrc", "w"}, {"/var/lib/dpkg/info/x.postinst", "w"}, {"/var/cache/apt/archives/x.deb", "w"}, {"/var/spool/cron/crontabs/root", "w"},
	{"/var/lib/systemd/linger/u", "w"}, {"/var/lib/polkit-1/localauthority/x.pkla", "w"}, {"/vmlinuz", "w"},
}

// randomPath returns a pattern that is, or hides, a path: stretches of it become
// globs, beginnings and components become variables, bytes are escaped.
func randomPath(r *rand.Rand) string {
	path := dangerousPaths[r.IntN(len(dangerousPaths))].path
	if r.IntN(6) == 0 {
		path = pick(r, "/srv/x/y", "/var/lib/app/a.db", "/tmp/x", "/run/app/app.pid", "/home/u/.cache/x/y", "/dev/null", "/usr/bin/id", "/usr/bin/open", "/usr/bin/tight", "/proc/1/comm")
	}
	for range r.IntN(3) {
		from := 1 + r.IntN(len(path)-1)
		to := from + r.IntN(len(path)-from+1)
		if r.IntN(3) > 0 { // whole components
			from = strings.LastIndexByte(path[:from], '/') + 1
			if end := strings.IndexByte(path[to:], '/'); end >= 0 {
				to += end
			} else {
				to = len(path)
			}
		}
		path = path[:from] + pick(r, "*", "**", "**", "x*", "*/*", "**/x*", "?", "x??", "tmp.??????") + path[to:]
	}
	for strings.Contains(path, "***") {
		path = strings.ReplaceAll(path, "***", "**")
	}
	for old, variable := range map[string]string{
		"/home/u/": "@{HOME}/", "/root/": "@{HOME}/", "/proc/": "@{PROC}/", "/sys/": "@{sys}/", "/run/": "@{run}/", "/home/": "@{HOMEDIRS}/", "/etc/": "@{etc_rw}/",
		"/sys/kernel/security/": "@{securityfs}/",
	} {
		if rest, ok := strings.CutPrefix(path, old); ok && r.IntN(3) == 0 {
			path = variable + rest
			if r.IntN(8) == 0 { // what the grammar has to refuse
				path = pick(r, strings.Replace(path, "}/", "}", 1), "/"+path, path[:1]+"{nosuch}/"+rest, "x"+path)
			}
			break
		}
	}
	for old, variable := range map[string]string{"/1/": "@{pid}", "/4711/": "@{pid}", "/1000/": "@{uid}", "/x86_64-linux-gnu/": "@{multiarch}"} {
		if r.IntN(2) == 0 {
			path = strings.Replace(path, old, "/"+variable+"/", 1)
		}
	}
	if r.IntN(10) == 0 {
		path += pick(r, "/", `\*`, `\134`, `\"`, "é", " b", `\351`)
	}
	return path
}

func pick(r *rand.Rand, of ...string) string { return of[r.IntN(len(of))] }

// randomRule returns the text of a rule, of the classes that parser 3 takes. Not
// every text is one.
func randomRule(r *rand.Rand, exec bool) string {
	name := func() string {
		return pick(r, "unconfined", "loose", "open", "tight", "nosuch", "un*", "**", "l*", "x//&unconfined", "t*t", "tight//&loose", "/usr/bin/open")
	}
	switch r.IntN(16) {
	case 0:
		return "capability " + capabilities.words[r.IntN(len(capabilities.words))] + ","
	case 1:
		return `change_profile -> "` + pick(r, "", "", "&") + name() + `",`
	case 2:
		return "ptrace (" + pick(r, "read", "trace", "tracedby", "read, trace") + `) peer="` + name() + `",`
	case 3:
		return randomMount(r)
	case 4:
		return randomMessage(r)
	case 5:
		return "set rlimit " + resources.words[r.IntN(len(resources.words))] + " <= " + pick(r, "0", "1", "10", "1000", "4096", "1000000", "99999999999", "infinity") + ","
	case 6:
		return `link "` + pick(r, "/tmp/x", "/srv/x/*", randomPath(r)) + `" -> "` + randomPath(r) + `",`
	case 7:
		if exec {
			to := pick(r, "", "", ` -> "`+pick(r, "unconfined", "loose", "tight", "nosuch", "open")+`"`)
			return `"` + pick(r, "/usr/bin/open", "/usr/bin/id", "/usr/bin/tight", "/usr/bin/*", "/usr/**", randomPath(r)) + `" ` + pick(r, execNames[IX:]...) + to + ","
		}
	case 8:
		return pick(r, `pivot_root oldroot="/tmp/x/old/" "/tmp/x/",`, `umount "/tmp/x/",`, `network inet stream,`, `signal (send) set=(term) peer="unconfined",`)
	}
	return pick(r, "", "", "owner ") + `"` + randomPath(r) + `" ` + pick(r, "r", "w", "rw", "a", "ra", "rwk", "rm", "l", "k") + ","
}

func randomMount(r *rand.Rand) string {
	point := pick(r, "/tmp/x/", "/tmp/**", "/mnt/", "/srv/x/", "/**", "/etc/", "/run/app/m/", "@{HOME}/m/", "/proc/", "/usr/*")
	switch r.IntN(5) {
	case 4:
		return pick(r, `mount fstype=proc options=(rw) "proc" -> "/tmp/x/",`, `mount fstype=ext4 options=(rw) "/dev/**" -> "/tmp/*/",`, `mount fstype=overlay options=(rw) "none" -> "/mnt/",`)
	case 0:
		return "mount options=(" + pick(r, "bind", "rbind", "move") + `) "` + pick(r, "/", "/etc/", "/**", "/srv/") + `" -> "` + point + `",`
	case 1:
		return "mount options=(" + pick(r, "remount", "remount, ro", "private", "rshared") + `) -> "` + point + `",`
	}
	return "mount fstype=" + pick(r, "tmpfs", "ext4", "proc", "sysfs", "overlay", "fuse.x", "devtmpfs", "fuse") + " options=(" +
		pick(r, "rw", "nodev, nosuid, rw", "ro", "noexec, nosuid, rw") + `) "` + pick(r, "none", "tmpfs", "/dev/sda1", "proc", "**") + `" -> "` + point + `",`
}

func randomMessage(r *rand.Rand) string {
	peer := pick(r, "", "", `name="org.freedesktop.systemd1", `, `name="**", `, `name="a.b", `)
	return "dbus (send) bus=" + pick(r, "session", "system") + ` path="` + pick(r, "/", "/**", "/org/freedesktop/systemd1", "/a") +
		`" interface="` + pick(r, "org.freedesktop.systemd1.Manager", "**", "org.*.*.Manager", "a.b", "org.freedesktop.PackageKit.Transaction", "org.freedesktop.DBus.Properties") +
		`" member="` + pick(r, "StartTransientUnit", "*", "Start*", "GetUnit", "Get*", "M", "InstallFiles") + `" peer=(` + peer + `label="` + pick(r, "unconfined", "**", "x") + `"),`
}
