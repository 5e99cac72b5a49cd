package apparmor

// What an access does, as far as its danger goes. execute stands beside those of
// FileAccess for any Exec.
const (
	execute = Mmap << 1
	reading = Read | Mmap
	writing = Write | Append | MakeLink
)

// fileDangers are the levels of files that are nothing special: of rules with one
// of the accesses any and, if there are some, one of and.
var fileDangers = []struct {
	any, and FileAccess
	level    uint8
	why      string
}{
	{reading, 0, 1, "reads a file"},
	{Lock, 0, 1, "locks a file"},
	{writing, 0, 2, "writes a file"},
	{writing, Mmap | execute, 7, "writes and runs the same file"},
}

// execDangers are the levels of running a program that is nothing special.
var execDangers = [...]struct {
	level uint8
	why   string
}{
	NoExec:    {},
	DenyExec:  {},
	IX:        {3, "runs a program"},
	CX:        {3, "runs a program"},
	CIX:       {3, "runs a program"},
	PX:        {3, "runs a program"},
	PIX:       {3, "runs a program"},
	CXUnsafe:  {5, "runs a program in another profile with an environment that the caller chose"},
	CIXUnsafe: {5, "runs a program in another profile with an environment that the caller chose"},
	PXUnsafe:  {5, "runs a program in another profile with an environment that the caller chose"},
	PIXUnsafe: {5, "runs a program in another profile with an environment that the caller chose"},
	CUX:       {9, "runs a program without confinement where the profile is missing"},
	PUX:       {9, "runs a program without confinement where the profile is missing"},
	CUXUnsafe: {9, "runs a program without confinement where the profile is missing"},
	PUXUnsafe: {9, "runs a program without confinement where the profile is missing"},
	UX:        {10, "runs a program without confinement"},
	UXUnsafe:  {10, "runs a program without confinement"},
}

// pathDanger is what an access to some paths gives away beside one file.
type pathDanger struct {
	pattern           string
	read, write, exec uint8 // 0: nothing special
	what              string
}

// pathDangers: a rule has the highest level of all rows that its pattern can
// match. "@{HOME}" stands for the folder of any user, root among them; a row
// behind "owner " is for rules with owner, one behind "other " for those without.
var pathDangers = []pathDanger{
	// What confines.
	{"/etc/apparmor/**", 0, 10, 0, "the AppArmor policy"},
	{"/etc/apparmor.d/**", 0, 10, 0, "the AppArmor policy"},
	{"/var/cache/apparmor/**", 0, 10, 0, "the AppArmor policy"},
	{"/var/lib/apparmor/**", 0, 10, 0, "the AppArmor policy"},
	{"/var/lib/snapd/apparmor/**", 0, 10, 0, "the AppArmor policy"},
	{"/sys/kernel/security/**", 2, 10, 0, "the interface of the security modules"},
	{"/proc/*/attr/**", 2, 5, 0, "the confinement of processes"},

	// The kernel and the memory.
	{"/dev/mem", 9, 10, 0, "the memory"},
	{"/dev/kmem", 9, 10, 0, "the memory"},
	{"/dev/port", 9, 10, 0, "the ports of devices"},
	{"/proc/kcore", 8, 10, 0, "the memory"},
	{"/proc/*/mem", 7, 8, 0, "the memory of processes"},
	{"/proc/*/task/*/mem", 7, 8, 0, "the memory of processes"},
	{"/proc/sys/kernel/core_pattern", 0, 9, 0, "a program that the kernel runs"},
	{"/proc/sys/kernel/modprobe", 0, 9, 0, "a program that the kernel runs"},
	{"/proc/sys/kernel/hotplug", 0, 9, 0, "a program that the kernel runs"},
	{"/sys/kernel/uevent_helper", 0, 9, 0, "a program that the kernel runs"},
	{"/proc/sys/fs/binfmt_misc/**", 0, 9, 0, "programs that the kernel runs"},
	{"/proc/sys/**", 0, 7, 0, "the settings of the kernel"},
	{"/proc/sysrq-trigger", 0, 8, 0, "the kernel's emergency keys"},
	{"/sys/**", 0, 6, 0, "the settings of devices and kernel"},
	{"/proc/kallsyms", 4, 0, 0, "addresses of the kernel"},
	{"/lib/modules/**", 0, 9, 0, "kernel modules"},
	{"/usr/lib/modules/**", 0, 9, 0, "kernel modules"},
	{"/lib/firmware/**", 0, 9, 0, "firmware"},
	{"/usr/lib/firmware/**", 0, 9, 0, "firmware"},
	{"/etc/modprobe.d/**", 0, 9, 0, "which kernel modules are loaded"},
	{"/etc/modules*", 0, 9, 0, "which kernel modules are loaded"},
	{"/etc/sysctl.*", 0, 8, 0, "the settings of the kernel"},
	{"/etc/sysctl.d/**", 0, 8, 0, "the settings of the kernel"},

	// Booting, and what runs with it.
	{"/boot/**", 0, 9, 0, "what the system boots"},
	{"/efi/**", 0, 9, 0, "what the system boots"},
	{"/etc/default/grub", 0, 9, 0, "what the system boots"},
	{"/etc/grub.d/**", 0, 9, 0, "what the system boots"},
	{"/etc/initramfs-tools/**", 0, 9, 0, "what the system boots"},
	{"/etc/fstab", 0, 9, 0, "what is mounted"},
	{"/etc/crypttab", 0, 8, 0, "what is mounted"},
	{"/etc/inittab", 0, 9, 0, "what the system starts"},
	{"/etc/init.d/**", 0, 9, 5, "what the system starts"},
	{"/etc/init/**", 0, 9, 0, "what the system starts"},
	{"/etc/rc*/**", 0, 9, 0, "what the system starts"},
	{"/etc/rc.local", 0, 9, 0, "what the system starts"},
	{"/etc/systemd/**", 0, 9, 0, "what the system starts"},
	{"/run/systemd/system/**", 0, 9, 0, "what the system starts"},
	{"/run/systemd/generator*/**", 0, 9, 0, "what the system starts"},
	{"/lib/systemd/**", 0, 9, 0, "what the system starts"},
	{"/usr/lib/systemd/**", 0, 9, 0, "what the system starts"},
	{"/lib/udev/**", 0, 9, 0, "what devices start"},
	{"/usr/lib/udev/**", 0, 9, 0, "what devices start"},
	{"/etc/udev/**", 0, 9, 0, "what devices start"},
	{"/etc/cron*", 0, 9, 0, "what runs at set times"},
	{"/etc/cron*/**", 0, 9, 0, "what runs at set times"},
	{"/etc/anacrontab", 0, 9, 0, "what runs at set times"},
	{"/var/spool/cron/**", 2, 9, 0, "what runs at set times"},
	{"/var/spool/at/**", 2, 9, 0, "what runs at set times"},
	{"/etc/logrotate.*", 0, 9, 0, "what runs at set times"},
	{"/etc/logrotate.d/**", 0, 9, 0, "what runs at set times"},

	// Who may do what.
	{"/etc/shadow*", 7, 9, 0, "the passwords"},
	{"/etc/gshadow*", 7, 9, 0, "the passwords"},
	{"/var/backups/shadow*", 7, 7, 0, "the passwords"},
	{"/etc/passwd*", 0, 9, 0, "the users"},
	{"/etc/group*", 0, 9, 0, "the groups"},
	{"/etc/subuid*", 0, 9, 0, "the users"},
	{"/etc/subgid*", 0, 9, 0, "the groups"},
	{"/etc/sudoers*", 4, 9, 0, "who becomes root"},
	{"/etc/sudoers.d/**", 4, 9, 0, "who becomes root"},
	{"/etc/doas.conf", 4, 9, 0, "who becomes root"},
	{"/etc/polkit-1/**", 0, 9, 0, "who becomes root"},
	{"/usr/share/polkit-1/**", 0, 9, 0, "who becomes root"},
	{"/etc/pam.*", 0, 9, 0, "who may log in"},
	{"/etc/pam.d/**", 0, 9, 0, "who may log in"},
	{"/etc/security/**", 0, 9, 0, "who may log in"},
	{"/etc/login.defs", 0, 9, 0, "who may log in"},
	{"/etc/nsswitch.conf", 0, 9, 0, "where users are looked up"},
	{"/etc/hosts.allow", 0, 7, 0, "who may connect"},
	{"/etc/ssh/**", 2, 9, 0, "who may log in"},
	{"/etc/ssh/ssh_host_*", 8, 9, 0, "the keys of the host"},
	{"/**/.ssh/**", 8, 9, 0, "the keys of a user"},
	{"/**/authorized_keys*", 3, 9, 0, "who may log in"},
	{"/**/id_rsa*", 8, 8, 0, "the keys of a user"},
	{"/**/id_ed25519*", 8, 8, 0, "the keys of a user"},
	{"/**/.gnupg/**", 8, 8, 0, "the keys of a user"},
	{"/etc/ssl/private/**", 8, 8, 0, "the keys of the host"},
	{"/etc/pki/**/private/**", 8, 8, 0, "the keys of the host"},
	{"/etc/letsencrypt/**", 7, 8, 0, "the keys of the host"},
	{"/etc/wireguard/**", 8, 8, 0, "the keys of the host"},
	{"/etc/krb5.keytab", 8, 8, 0, "the keys of the host"},
	{"/var/lib/sss/**", 6, 8, 0, "the passwords"},

	// What everybody runs or loads.
	{"/etc/ld.so.*", 0, 9, 0, "what every program loads"},
	{"/etc/ld.so.conf.d/**", 0, 9, 0, "what every program loads"},
	{"/lib*/**", 0, 9, 0, "what every program loads"},
	{"/usr/lib*/**", 0, 9, 0, "what every program loads"},
	{"/usr/local/lib*/**", 0, 9, 0, "what every program loads"},
	{"/bin/**", 0, 9, 0, "programs that everybody runs"},
	{"/sbin/**", 0, 9, 0, "programs that everybody runs"},
	{"/usr/bin/**", 0, 9, 0, "programs that everybody runs"},
	{"/usr/sbin/**", 0, 9, 0, "programs that everybody runs"},
	{"/usr/local/bin/**", 0, 9, 0, "programs that everybody runs"},
	{"/usr/local/sbin/**", 0, 9, 0, "programs that everybody runs"},
	{"/etc/environment", 0, 9, 0, "the environment of everybody"},
	{"/etc/profile", 0, 9, 0, "what every login runs"},
	{"/etc/profile.d/**", 0, 9, 0, "what every login runs"},
	{"/etc/bash*", 0, 9, 0, "what every login runs"},
	{"/etc/zsh/**", 0, 9, 0, "what every login runs"},

	// What the programs of a user keep secret.
	{"@{HOME}/.pki/**", 7, 7, 0, "the keys of a user"},
	{"@{HOME}/.local/share/keyrings/**", 8, 8, 0, "the passwords of a user"},
	{"@{HOME}/.local/share/kwalletd/**", 8, 8, 0, "the passwords of a user"},
	{"@{HOME}/.password-store/**", 7, 7, 0, "the passwords of a user"},
	{"@{HOME}/.netrc", 7, 7, 0, "the passwords of a user"},
	{"@{HOME}/.pgpass", 7, 7, 0, "the passwords of a user"},
	{"@{HOME}/.my.cnf", 7, 7, 0, "the passwords of a user"},
	{"@{HOME}/.git-credentials", 7, 7, 0, "the passwords of a user"},
	{"@{HOME}/.aws/**", 7, 7, 0, "the passwords of a user"},
	{"@{HOME}/.azure/**", 7, 7, 0, "the passwords of a user"},
	{"@{HOME}/.config/gcloud/**", 7, 7, 0, "the passwords of a user"},
	{"@{HOME}/.config/gh/**", 7, 7, 0, "the passwords of a user"},
	{"@{HOME}/.docker/**", 7, 7, 0, "the passwords of a user"},
	{"@{HOME}/.kube/**", 7, 7, 0, "the passwords of a user"},
	{"@{HOME}/.vault-token", 7, 7, 0, "the passwords of a user"},
	{"@{HOME}/.mozilla/**", 6, 7, 0, "the passwords of a user"},
	{"@{HOME}/.thunderbird/**", 6, 7, 0, "the passwords of a user"},
	{"@{HOME}/.config/chromium/**", 6, 7, 0, "the passwords of a user"},
	{"@{HOME}/.config/google-chrome/**", 6, 7, 0, "the passwords of a user"},
	{"@{HOME}/.Xauthority", 6, 6, 0, "the key to the screen of a user"},
	{"@{HOME}/.*_history", 5, 5, 0, "what a user has typed"},

	// What runs as a user and outside of the profile: as good as leaving it.
	{"@{HOME}/.bash*", 0, 9, 0, "what a user's login runs"},
	{"@{HOME}/.profile", 0, 9, 0, "what a user's login runs"},
	{"@{HOME}/.log*", 0, 9, 0, "what a user's login runs"},
	{"@{HOME}/.z*", 0, 9, 0, "what a user's login runs"},
	{"@{HOME}/.*shrc", 0, 9, 0, "what a user's login runs"},
	{"@{HOME}/.x*", 0, 9, 0, "what a user's login runs"},
	{"@{HOME}/.pam_environment", 0, 9, 0, "what a user's login runs"},
	{"@{HOME}/.config/fish/**", 0, 9, 0, "what a user's login runs"},
	{"@{HOME}/.config/autostart/**", 0, 9, 0, "what a user's login runs"},
	{"@{HOME}/.config/autostart-scripts/**", 0, 9, 0, "what a user's login runs"},
	{"@{HOME}/.config/plasma-workspace/**", 0, 9, 0, "what a user's login runs"},
	{"@{HOME}/.config/environment.d/**", 0, 9, 0, "what a user's login runs"},
	{"@{HOME}/.config/systemd/**", 0, 9, 0, "what a user's login runs"},
	{"@{HOME}/.local/share/systemd/**", 0, 9, 0, "what a user's login runs"},
	{"@{HOME}/.local/share/dbus-1/**", 0, 9, 0, "what a user's session runs"},
	{"@{HOME}/.forward", 0, 9, 0, "what mail to a user runs"},
	{"@{HOME}/.rhosts", 0, 9, 0, "who may log in"},
	{"@{HOME}/.shosts", 0, 9, 0, "who may log in"},
	{"@{HOME}/.k5login", 0, 9, 0, "who may log in"},
	{"@{HOME}/bin/**", 0, 8, 0, "programs that a user runs"},
	{"@{HOME}/.local/bin/**", 0, 8, 0, "programs that a user runs"},
	{"@{HOME}/.local/lib/**", 0, 8, 0, "what the programs of a user load"},
	{"@{HOME}/.local/share/applications/**", 0, 8, 0, "programs that a user runs"},
	{"@{HOME}/.config/nvim/**", 0, 8, 0, "what an editor runs"},
	{"@{HOME}/.vim*", 0, 8, 0, "what an editor runs"},
	{"@{HOME}/.vim/**", 0, 8, 0, "what an editor runs"},
	{"@{HOME}/.emacs*", 0, 8, 0, "what an editor runs"},
	{"@{HOME}/.emacs.d/**", 0, 8, 0, "what an editor runs"},
	{"@{HOME}/.gitconfig", 0, 8, 0, "what git runs"},
	{"@{HOME}/.config/git/**", 0, 8, 0, "what git runs"},

	// Programs that run as root whoever starts them.
	{"/**/su", 0, 0, 6, "a setuid program"},
	{"/**/sudo", 0, 0, 6, "a setuid program"},
	{"/**/doas", 0, 0, 6, "a setuid program"},
	{"/**/pkexec", 0, 0, 6, "a setuid program"},
	{"/**/passwd", 0, 0, 6, "a setuid program"},
	{"/**/chsh", 0, 0, 6, "a setuid program"},
	{"/**/chfn", 0, 0, 6, "a setuid program"},
	{"/**/gpasswd", 0, 0, 6, "a setuid program"},
	{"/**/newgrp", 0, 0, 6, "a setuid program"},
	{"/**/mount", 0, 0, 6, "a setuid program"},
	{"/**/umount", 0, 0, 6, "a setuid program"},
	{"/**/newuidmap", 0, 0, 6, "a setuid program"},
	{"/**/newgidmap", 0, 0, 6, "a setuid program"},
	{"/**/crontab", 0, 0, 6, "a setuid program"},
	{"/**/apparmor_parser", 0, 0, 8, "the program that loads the policy"},
	{"/**/aa-exec", 0, 0, 6, "a program that changes the profile"},
	{"/**/insmod", 0, 0, 6, "a program that loads kernel modules"},
	{"/**/modprobe", 0, 0, 6, "a program that loads kernel modules"},

	// Programs that run what they are told.
	{"/**bin/*sh", 0, 0, 4, "a shell"},
	{"/**bin/python*", 0, 0, 4, "an interpreter"},
	{"/**bin/perl*", 0, 0, 4, "an interpreter"},
	{"/**bin/busybox", 0, 0, 4, "a shell"},
	{"/**/ld-linux*", 0, 0, 5, "the loader, which runs any program"},
	{"/**/ld.so", 0, 0, 5, "the loader, which runs any program"},

	// Disks and sockets that are as good as root.
	{"/dev/sd*", 8, 9, 0, "a disk"},
	{"/dev/vd*", 8, 9, 0, "a disk"},
	{"/dev/xvd*", 8, 9, 0, "a disk"},
	{"/dev/nvme*", 8, 9, 0, "a disk"},
	{"/dev/mmcblk*", 8, 9, 0, "a disk"},
	{"/dev/dm-*", 8, 9, 0, "a disk"},
	{"/dev/md*", 8, 9, 0, "a disk"},
	{"/dev/mapper/**", 8, 9, 0, "a disk"},
	{"/dev/disk/**", 8, 9, 0, "a disk"},
	{"/dev/loop*", 6, 8, 0, "a disk"},
	{"/dev/input/**", 7, 7, 0, "what is typed"},
	{"/dev/uinput", 7, 8, 0, "what is typed"},
	{"/dev/kvm", 3, 4, 0, "virtual machines"},
	{"/run/docker.sock", 3, 9, 0, "a socket that is as good as root"},
	{"/var/run/docker.sock", 3, 9, 0, "a socket that is as good as root"},
	{"/run/containerd/**", 3, 9, 0, "a socket that is as good as root"},
	{"/run/podman/**", 3, 9, 0, "a socket that is as good as root"},
	{"/run/libvirt/libvirt-sock", 3, 9, 0, "a socket that is as good as root"},
	{"/run/systemd/private", 3, 9, 0, "a socket that is as good as root"},

	// The rest of what an administrator keeps an eye on.
	{"/etc/**", 0, 7, 0, "the configuration of the system"},
	{"other /root/**", 4, 6, 0, "the files of root"},
	{"other /home/**", 3, 4, 0, "the files of a user"},
	{"owner @{HOME}/**", 2, 3, 0, "the files of its user"},
	{"/var/log/**", 3, 5, 0, "the logs"},
	{"/proc/*/environ", 4, 0, 0, "the environment of processes"},
	{"/var/lib/dpkg/**", 0, 8, 0, "what is installed"},
	{"/var/lib/rpm/**", 0, 8, 0, "what is installed"},
}
