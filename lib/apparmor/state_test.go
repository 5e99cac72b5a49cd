package apparmor

import "testing"

// TestStateThatOthersObey: what a service keeps for itself is refused where root, a
// login or another host obeys it, or where it is a key.
func TestStateThatOthersObey(t *testing.T) {
	for _, text := range []string{
		// Who may log in, by ways beside /etc.
		`"/var/lib/extrausers/passwd" w,`, `"/var/lib/extrausers/shadow" r,`, `"/var/lib/misc/passwd.db" w,`, `"/var/db/shadow.db" r,`, `"/var/yp/binding/x.2" w,`,
		`"/var/cache/nscd/passwd" w,`, `"/run/slapd/ldapi" rw,`, `"/run/credstore/passwd.hashed-password.root" w,`, `"/run/gdm3/custom.conf" w,`,
		// What root runs or loads.
		`"/var/lib/kdump/vmlinuz" w,`, `"/var/spool/slurm/d/job1/slurm_script" w,`, `"/srv/salt/top.sls" w,`, `"/srv/tftp/pxelinux.cfg/default" w,`, `"/var/chef/cookbooks/x.rb" w,`,
		`"/var/cache/salt/minion/extmods/x.py" w,`, `"/var/db/pkg/x/environment.bz2" w,`, `"/var/lib/vim/addons/plugin/x.vim" w,`, `"/var/lib/libvirt/dnsmasq/default.conf" w,`,
		`"/var/lib/gdm3/.local/share/gnome-shell/extensions/x/extension.js" w,`, `"/srv/git/x.git/hooks/post-receive" w,`, `"/srv/x/.git/config" w,`, `"/run/wrappers/bin/x" w,`,
		`"/var/lib/ubuntu-advantage/apt-esm/etc/apt/x" w,`, `"/var/lib/samba/netlogon/x.bat" w,`, `"/backup/host/etc.tar" w,`, `"/var/lib/borg/x" w,`, `"/run/pesign/socket" rw,`,
		`"/var/tmp/spdk.sock" rw,`, `"/run/firecracker.socket" rw,`,
		// What is believed to be the kernel's word, by this suite as well.
		`"/var/log/audit/audit.log" w,`, `"/var/log/audit/*" a,`, `"/var/log/journal/x/system.journal" w,`,
		// Keys and passwords.
		`"/var/lib/shim-signed/mok/MOK.priv" r,`, `"/var/lib/tor/x/hs_ed25519_secret_key" r,`, `"/srv/x/server.key" r,`, `"/srv/www/.htpasswd" r,`, `"/crypto_keyfile.bin" r,`,
		`"/etc/apt/auth.conf" r,`, `"/etc/dropbear/dropbear_rsa_host_key" r,`, `"/run/user/1000/containers/auth.json" r,`, `"/var/lib/cloud/instance/user-data.txt" r,`,
		`"/var/lib/rancher/k3s/server/token" r,`, `owner "/home/u/.config/git/credentials" r,`,
		// Files of users, in the home that an application has, and what looks like a cache.
		`owner "/home/u/snap/firefox/common/.mozilla/firefox/x/logins.json" r,`, `owner "/home/u/.var/app/org.x/.ssh/id_x" r,`, `"/home/u/snap/*/*/.mozilla/x/key4.db" r,`,
		`owner "/home/u/.cache/p10k-instant-prompt-u.zsh" w,`, `owner "/home/u/.cache/gitstatus/gitstatusd" w,`, `owner "/home/u/.config/pulse/client.conf" w,`,
		`owner "/home/u/.config/transmission/settings.json" w,`, `owner "/home/u/.config/xournalpp/plugins/x/main.lua" w,`, `owner "/home/u/.config/dconf/user" w,`,
		`owner "/home/u/.config/gnome-session/saved-session/x.desktop" w,`, `owner "/home/u/.config/libreoffice/4/user/psprint/psprint.conf" w,`, `owner "/home/u/.config/Trolltech.conf" w,`,
		`owner "/home/u/.local/state/nix/profiles/profile" w,`, `owner "/home/u/.local/share/krita/pykrita/x.py" w,`,
	} {
		if level, why := danger(t, debian(), "", text); level < limit {
			t.Errorf("%s: %d, %s", text, level, why)
		}
	}
}

// TestSameTreeElsewhere: a file system that is mounted twice, and the files of another
// root folder, mean what they mean wherever they lie.
func TestSameTreeElsewhere(t *testing.T) {
	for _, text := range []string{
		`"/srv/chroot/proc/sys/kernel/core_pattern" w,`, `"/srv/chroot/proc/sysrq-trigger" w,`, `"/srv/chroot/proc/1/root/etc/shadow" r,`, `"/srv/chroot/proc/1/mem" rw,`,
		`"/srv/chroot/sys/kernel/uevent_helper" w,`, `"/srv/chroot/sys/kernel/security/apparmor/.replace" w,`, `"/srv/chroot/dev/sda" rw,`, `"/srv/chroot/dev/sda1" r,`, `"/srv/chroot/dev/mem" r,`,
		`"/srv/chroot/etc/ld.so.preload" w,`, `"/mnt/etc/shadow" r,`, `"/mnt/etc/passwd" w,`, `"/target/etc/sudoers.d/x" w,`, `"/cgroup/x/release_agent" w,`, `"/srv/*/dev/nvme0n1" r,`,
	} {
		if level, why := danger(t, debian(), "", text); level < limit {
			t.Errorf("%s: %d, %s", text, level, why)
		}
	}
	for _, text := range []string{
		`"/srv/chroot/dev/null" rw,`, `"/srv/chroot/etc/hosts" r,`, `"/srv/chroot/etc/passwd" r,`, `"/srv/app/etc/app.conf" w,`, `"/srv/app/proc/x" w,`, `"/srv/sys/x" w,`, `"/srv/dev/x" w,`,
	} {
		if level, why := danger(t, debian(), "", text); level >= limit {
			t.Errorf("%s: %d, %s", text, level, why)
		}
	}
}

// TestNetworkUnixIsGradedAsUnix: apparmor_parser makes "unix type=stream," of
// "network unix stream,": any abstract socket.
func TestNetworkUnixIsGradedAsUnix(t *testing.T) {
	unix, _ := danger(t, debian(), "", "unix (connect, receive, send) type=stream,")
	for _, text := range []string{"network unix stream,", "network unix dgram,", "network unix seqpacket,", "network (create) unix stream,", "network unix raw,"} {
		if level, why := danger(t, debian(), "", text); level < unix || level < limit {
			t.Errorf("%s: %d, %s; the unix rule has %d", text, level, why, unix)
		}
	}
}

// TestServicesThatDoAsTold: abstract sockets of, and messages to, services that do as
// root tells them, and names that others trust.
func TestServicesThatDoAsTold(t *testing.T) {
	for _, text := range []string{
		`unix (connect, receive, send) type=seqpacket peer=(addr="@/org/kernel/linux/storage/multipathd"),`, `unix (connect) type=stream peer=(addr="@/org/kernel/udev/udevd"),`,
		`unix (connect) type=stream peer=(label="unconfined", addr="@/run/systemd/private"),`,
		`dbus (send) bus=system path="/" interface="org.kde.kf5auth" member="performAction" peer=(label="unconfined"),`,
		`dbus (send) bus=system path="/" interface="org.aptkit.transaction" member="Run" peer=(label="unconfined"),`,
		`dbus (send) bus=system path="/" interface="org.ganesha.nfsd.exportmgr" member="AddExport" peer=(label="unconfined"),`,
		`dbus (send) bus=system path="/" interface="io.netplan.Netplan.Config" member="Set" peer=(label="unconfined"),`,
		`dbus (send) bus=system path="/" interface="org.freedesktop.resolve1.Manager" member="SetLinkDNS" peer=(label="unconfined"),`,
		`dbus (send) bus=session path="/" interface="org.guake3.RemoteControl" member="execute_command" peer=(label="unconfined"),`,
		`dbus (send) bus=session path="/" interface="org.PulseAudio.Core1" member="LoadModule" peer=(label="unconfined"),`,
		`dbus (bind) bus=system name="net.reactivated.Fprint",`, `dbus (bind) bus=session name="org.kde.kwalletd6",`,
	} {
		if level, why := danger(t, debian(), "", text); level < limit {
			t.Errorf("%s: %d, %s", text, level, why)
		}
	}
}
