package propose

import (
	"fmt"
	"slices"
	"strings"

	"github.com/sl-suite/sl/lib/apparmor"
)

// managers make profiles anew, so that rules in them are lost. They keep additions in a
// place of their own.
var managers = []struct {
	prefixes   []string // of the profiles
	text, hint string
}{
	{[]string{"libvirt-"}, "libvirt makes this profile at each start of the machine", "put the rules into local/abstractions/libvirt-qemu (of containers, libvirt-lxc), which its profiles include"},
	{[]string{"lxc-"}, "lxc makes this profile, or has it for all containers", "let the container's configuration say lxc.apparmor.profile = generated, and lxc.apparmor.raw = RULE for each rule"},
	{[]string{"lxd-", "incus-"}, "the manager of the container makes this profile", "add the rules to raw.apparmor of the instance"},
	{[]string{"docker-default", "containers-default-", "cri-containerd.apparmor.d", "crio-default", "nerdctl-default", "buildkit-default", "podman-default"},
		"the container engine makes this profile, for all containers", "write a profile for the container, and start it with --security-opt apparmor=NAME"},
}

// managed returns who makes the profile, and what to do instead of a rule in it; ok is
// false for one that a person keeps.
func managed(profile string, rules []proposed) (text, hint string, ok bool) {
	if rest, snap := strings.CutPrefix(profile, "snap."); snap {
		name, _, _ := strings.Cut(rest, ".")
		if !plainWord(name) {
			name = "NAME"
		}
		return "snapd makes this profile anew: a rule in it is lost", snapHint(name, rules), true
	}
	for _, m := range managers {
		for _, prefix := range m.prefixes {
			if strings.HasPrefix(profile, prefix) {
				return m.text, m.hint, true
			}
		}
	}
	return "", "", false
}

func snapHint(name string, rules []proposed) string {
	var list []string
	for _, r := range rules {
		if i := interfaceFor(r.rule); i != "" && !slices.Contains(list, i) {
			list = append(list, i)
		}
	}
	slices.Sort(list)
	hint := fmt.Sprintf("see: snap connections %s", name)
	for i, one := range list {
		if i == 0 {
			hint += "; then"
		} else {
			hint += ","
		}
		hint += fmt.Sprintf(" snap connect %s:%s", name, one)
	}
	return hint
}

// interfaces are those of snapd that allow what begins so: of files the path, of
// messages the name of the peer, and capabilities (interfaces/builtin of snapd).
var interfaces = []struct{ begin, name string }{
	{"/proc/spl/", "hardware-observe"}, {"/proc/bus/", "hardware-observe"}, {"/proc/mdstat", "hardware-observe"}, {"/proc/scsi/", "hardware-observe"},
	{"/proc/sys/net/", "network-control"}, {"/proc/net/", "network-observe"}, {"/proc/", "system-observe"},
	{"/sys/class/net/", "network-observe"}, {"/sys/class/gpio/", "gpio"}, {"/sys/", "hardware-observe"}, {"/run/udev/data/", "hardware-observe"},
	{"/home/", "home"}, {"/media/", "removable-media"}, {"/run/media/", "removable-media"}, {"/mnt/", "removable-media"},
	{"/dev/video", "camera"}, {"/dev/snd/", "alsa"}, {"/dev/bus/usb/", "raw-usb"}, {"/dev/tty", "serial-port"}, {"/dev/kvm", "kvm"}, {"/dev/fuse", "fuse-support"},
	{"/dev/input/", "joystick"}, {"/dev/shm/", "shared-memory"}, {"/dev/dri/", "opengl"}, {"/dev/nvidia", "opengl"}, {"/dev/fb", "framebuffer"},
	{"/run/docker.sock", "docker"}, {"/run/cups/", "cups-control"}, {"/run/user/", "desktop"}, {"/var/log/", "log-observe"}, {"/etc/fstab", "mount-observe"},
	{"org.bluez", "bluez"}, {"org.freedesktop.NetworkManager", "network-manager"}, {"org.freedesktop.UPower", "upower-observe"},
	{"org.freedesktop.ModemManager1", "modem-manager"}, {"org.freedesktop.Avahi", "avahi-observe"}, {"org.freedesktop.UDisks2", "udisks2"},
	{"org.freedesktop.login1", "login-session-observe"}, {"org.freedesktop.secrets", "password-manager-service"}, {"org.freedesktop.ScreenSaver", "screen-inhibit-control"},
	{"org.freedesktop.timedate1", "timeserver-control"}, {"org.freedesktop.hostname1", "hostname-control"},
	{"net_admin", "network-control"}, {"net_raw", "network-control"}, {"sys_ptrace", "process-control"}, {"kill", "process-control"}, {"sys_nice", "process-control"},
	{"sys_time", "time-control"}, {"sys_rawio", "hardware-observe"},
}

// interfaceFor returns the interface that allows the rule; "" where none is known.
func interfaceFor(r apparmor.Rule) string {
	var name string
	switch b := r.Body.(type) {
	case apparmor.File:
		name = strings.Replace(b.Path.String(), "@{PROC}", "/proc", 1)
	case apparmor.DBus:
		name = b.PeerName.String()
	case apparmor.Capability:
		name = b.Name
	case apparmor.Ptrace:
		return "system-observe"
	case apparmor.Network:
		return "network"
	}
	for _, i := range interfaces {
		if strings.HasPrefix(name, i.begin) {
			return i.name
		}
	}
	return ""
}
