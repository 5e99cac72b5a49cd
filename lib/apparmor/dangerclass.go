package apparmor

// classDangers are the levels of rules that are not about files. The first row of
// the class whose conditions all hold is the one that counts; the last row of a
// class has none.
//
// A condition is "attribute=pattern", with the names of the attributes as records
// have them: one of the values can be matched by the pattern. "attribute==pattern"
// asks for no other value than such, "attribute=" for no value at all. {one,other}
// stands for several rows.
//
// Changes of profile, mounts and resource limits have functions of their own.
//
// Of the capabilities, capabilities(7) says what each allows.
var classDangers = []struct {
	class Class
	when  string
	level uint8
	why   string
}{
	{ClassCapability, "capability=mac_admin", 10, "changes the AppArmor policy"},
	{ClassCapability, "capability=mac_override", 10, "overrides mandatory access control"},
	{ClassCapability, "capability=sys_module", 9, "loads code into the kernel"},
	{ClassCapability, "capability=sys_rawio", 9, "reaches memory and devices past the kernel"},
	{ClassCapability, "capability=sys_admin", 9, "administers the system: mounts that no rule sees, namespaces, devices"},
	{ClassCapability, "capability=setfcap", 8, "gives capabilities to programs"},
	{ClassCapability, "capability=sys_boot", 9, "restarts the system or loads another kernel"},
	{ClassCapability, "capability=sys_ptrace", 7, "reads and changes any process"},
	{ClassCapability, "capability=bpf", 8, "loads programs into the kernel"},
	{ClassCapability, "capability=dac_override", 7, "ignores the permissions of files"},
	{ClassCapability, "capability=setpcap", 7, "changes its capability sets"},
	{ClassCapability, "capability=mknod", 9, "makes device files, under any name"},
	{ClassCapability, "capability=audit_control", 7, "changes the audit rules"},
	{ClassCapability, "capability=checkpoint_restore", 7, "restores the state of processes"},
	{ClassCapability, "capability=dac_read_search", 6, "reads any file"},
	{ClassCapability, "capability=chown", 6, "gives files to anybody"},
	{ClassCapability, "capability=fowner", 6, "acts as the owner of any file"},
	{ClassCapability, "capability=net_admin", 6, "configures the network"},
	{ClassCapability, "capability=ipc_owner", 6, "ignores the permissions of IPC objects"},
	{ClassCapability, "capability=perfmon", 7, "observes the kernel and all processes"},
	{ClassCapability, "capability=setuid", 5, "becomes any user"},
	{ClassCapability, "capability=setgid", 5, "becomes any group"},
	{ClassCapability, "capability=fsetid", 5, "keeps setuid bits on changed files"},
	{ClassCapability, "capability=linux_immutable", 5, "changes immutable files"},
	{ClassCapability, "capability=net_raw", 5, "forges and reads packets"},
	{ClassCapability, "capability=sys_time", 5, "sets the clock"},
	{ClassCapability, "capability=audit_read", 5, "reads the audit log"},
	{ClassCapability, "capability=kill", 4, "signals any process"},
	{ClassCapability, "capability=sys_chroot", 4, "changes its root"},
	{ClassCapability, "capability=sys_resource", 4, "exceeds resource limits"},
	{ClassCapability, "capability=sys_tty_config", 5, "configures terminals"},
	{ClassCapability, "capability=syslog", 4, "reads the kernel's log and addresses"},
	{ClassCapability, "capability=audit_write", 3, "writes audit records"},
	{ClassCapability, "capability=sys_pacct", 3, "configures process accounting"},
	{ClassCapability, "capability=net_bind_service", 2, "listens on ports below 1024"},
	{ClassCapability, "capability=net_broadcast", 2, "broadcasts"},
	{ClassCapability, "capability=ipc_lock", 2, "locks memory"},
	{ClassCapability, "capability=lease", 2, "takes leases on files"},
	{ClassCapability, "capability=sys_nice", 2, "changes priorities"},
	{ClassCapability, "capability=block_suspend", 1, "keeps the system awake"},
	{ClassCapability, "capability=wake_alarm", 1, "wakes the system"},
	{ClassCapability, "", 8, "is a capability that is not known here"},

	{ClassNetwork, "family=netlink sock_type=raw", 4, "talks to the kernel by netlink"},
	// apparmor_parser makes of it a unix rule of that type for whatever peer
	// (parser_yacc.y, network_rule; af_unix.cc).
	{ClassNetwork, "family=unix", 7, "connects to any abstract Unix socket"},
	{ClassNetwork, "sock_type=raw", 6, "forges and reads packets"},
	{ClassNetwork, "family=packet", 6, "forges and reads packets"},
	{ClassNetwork, "", 3, "uses the network"},

	// A container is started through containerd-shim, a keystroke is sent through
	// an X server. The file system does not guard such an address.
	{ClassUnix, "access={connect,send} peer_addr=@**{containerd,docker,lxd,lxc,incus,snapd,upstart,ISCSI,podman,buildkit,libvirt,multipath,udev,crio,runc,kata,firecracker,qemu,xenstore,kubelet}**", 9, "a socket that is as good as root"},
	{ClassUnix, "access={connect,send} peer_addr=@**{X11,ibus,tmux,emacs,ssh,gpg,keyring,wayland}**", 8, "what a user's session listens to"},
	{ClassUnix, "access={connect,send} peer_addr=@**systemd**/private**", 9, "a socket that is as good as root"},
	{ClassUnix, "access={connect,send} peer_addr=@**ICE-unix**", 6, "what a session restarts"},
	{ClassUnix, "access=connect peer_addr=", 7, "connects to any abstract Unix socket"},
	{ClassUnix, "access=send sock_type=dgram peer_addr=", 6, "sends to any abstract Unix socket"},
	{ClassUnix, "access=connect peer_label=", 3, "talks to any process by a Unix socket"},
	{ClassUnix, "access=send peer_label=", 3, "talks to any process by a Unix socket"},
	{ClassUnix, "access=receive peer_label=", 3, "talks to any process by a Unix socket"},
	{ClassUnix, "access=accept peer_label=", 3, "talks to any process by a Unix socket"},
	{ClassUnix, "", 2, "uses a Unix socket"},

	{ClassSignal, "access=send peer=unconfined", 4, "signals processes that are not confined"},
	{ClassSignal, "", 2, "signals"},

	{ClassPtrace, "access=trace peer=unconfined", 9, "takes over processes that are not confined"},
	{ClassPtrace, "access=trace", 7, "takes over processes of another profile"},
	{ClassPtrace, "access=read peer=unconfined", 5, "reads the state of processes that are not confined"},
	{ClassPtrace, "access=read", 4, "reads the state of processes of another profile"},
	{ClassPtrace, "", 3, "is traced"},

	{ClassPivotRoot, "", 9, "changes the root file system"},

	{ClassDBus, "access=eavesdrop", 8, "reads the messages of others"},
	{ClassDBus, "access=bind name=org.freedesktop.{systemd1,PolicyKit1,login1,secrets,PackageKit,UDisks2,NetworkManager,Accounts,home1,portal.*,impl.portal.*}", 7, "answers for a service that others trust"},
	{ClassDBus, "access=bind name=org.freedesktop.{Notifications,ScreenSaver}", 7, "answers for a service that others trust"},
	{ClassDBus, "access=bind name={net.reactivated.Fprint,org.gnome.keyring**,org.kde.kwalletd**,org.gnome.{Shell,ScreenSaver,SessionManager}**,fi.w1.wpa_supplicant1}", 7, "answers for a service that others trust"},
	{ClassDBus, "access=bind", 3, "owns a name on the bus"},

	// Rows for messages: first what asks only, then who does as told. There is no
	// difference between the buses: a session has a service manager, too.
	{ClassDBus, "access=send interface=org.freedesktop.systemd1.Manager member=StartTransientUnit", 9, "tells the service manager what to run"},
	{ClassDBus, "access=send {interface,peer_name}=org.freedesktop.{Secret.**,secrets,impl.portal.Secret}", 8, "reads the passwords of a user"},
	{ClassDBus, "access=send {interface,peer_name}=org.{kde.KWallet,gnome.keyring,keepassxc.KeePassXC}**", 8, "reads the passwords of a user"},
	{ClassDBus, "access=send {interface,peer_name}=org.freedesktop.portal.{RemoteDesktop,ScreenCast,Screenshot,InputCapture,GlobalShortcuts}", 8, "sees the screen, or types"},
	{ClassDBus, "access=send {interface,peer_name}=org.{freedesktop.impl.portal.**,gnome.Mutter.**,gnome.Screenshot**,gnome.Shell.Screenshot}", 8, "sees the screen, or types"},
	{ClassDBus, "access=send {interface,peer_name}=org.{gnome.Shell.Screencast,kde.KWin.ScreenShot2}", 8, "sees the screen, or types"},
	{ClassDBus, "access=send interface=org.freedesktop.NetworkManager** member=GetSecrets", 7, "reads the passwords of networks"},
	{ClassDBus, "access=send member==Introspect", 4, "sends messages"},
	{ClassDBus, "access=send member==Get*", 4, "sends messages"},
	{ClassDBus, "access=send member==List*", 4, "sends messages"},
	{ClassDBus, "access=send member==Lookup*", 4, "sends messages"},
	{ClassDBus, "access=send member==Subscribe", 4, "sends messages"},
	{ClassDBus, "access=send member==CheckAuthorization", 4, "sends messages"},
	{ClassDBus, "access=send member==Inhibit", 4, "sends messages"},
	{ClassDBus, "access=send interface=={org.freedesktop.DBus.Peer,org.freedesktop.DBus.Introspectable,org.freedesktop.DBus.ObjectManager}", 4, "sends messages"},
	{ClassDBus, "access=send {peer_name,interface}=org.freedesktop.{systemd1,systemd1.**}", 9, "tells the service manager what to run"},
	{ClassDBus, "access=send path=/org/freedesktop/systemd1** interface==org.freedesktop.DBus.Properties", 9, "tells the service manager what to run"},
	{ClassDBus, "access=send member={StartTransientUnit,StartUnit,StartUnitReplace,RestartUnit,ReloadOrRestartUnit,EnableUnitFiles,LinkUnitFiles}", 9, "tells the service manager what to run"},
	{ClassDBus, "access=send member={SetUnitProperties,SetEnvironment,UnsetAndSetEnvironment,StartAuxiliaryScope,AttachProcessesToUnit,BindMountUnit}", 9, "tells the service manager what to run"},
	{ClassDBus, "access=send member={MountImageUnit,SwitchRoot,KExec}", 9, "tells the service manager what to run"},
	{ClassDBus, "access=send member={UpdateActivationEnvironment,Setenv,HostCommand,Spawn,SpawnCommand,Exec,ExecCommand,Execute,ExecuteCommand,Run,RunCommand}", 9, "tells others what to run"},
	{ClassDBus, "access=send member={RunScript,RunInTerminal,Launch,LaunchApp,LaunchProcess,Eval,evaluateScript,Evaluate,loadScript,LoadScript,StartProcess}", 9, "tells others what to run"},
	{ClassDBus, "access=send member={execute_command,new_window_cmdline,new_tab_by_event,triggerCommand,performAction,runCommandInTerminal,exec_blind}", 9, "tells others what to run"},
	{ClassDBus, "access=send member={StartProgram,sendText,runCommand,exec}", 9, "tells others what to run"},
	{ClassDBus, "access=send {peer_name,interface}=org.freedesktop.{machine1**,portable1**,import1**,home1**,sysupdate1**,sysext1**,vmspawn**,nm_dispatcher**}", 9, "tells others what to install, mount or change"},
	{ClassDBus, "access=send {peer_name,interface}=org.freedesktop.{PackageKit**,Flatpak**,UDisks2**,UDisks**,DeviceKit**,fwupd**,realmd**,bolt**}", 9, "tells others what to install, mount or change"},
	{ClassDBus, "access=send {peer_name,interface}=org.freedesktop.{GeoClue2.Agent,Accounts**,PolicyKit1**,policykit**,hal.**,ConsoleKit.Manager**,Avahi.Setup}", 9, "tells others what to install, mount or change"},
	{ClassDBus, "access=send {peer_name,interface}={org.debian.apt**,com.ubuntu.**,io.snapcraft**,com.redhat.**,org.projectatomic.**,org.libvirt**}", 9, "tells others what to install, mount or change"},
	{ClassDBus, "access=send {peer_name,interface}={com.canonical.**,org.fedoraproject.**,org.selinux**,org.opensuse.**,org.manjaro.**,com.linuxmint.**}", 9, "tells others what to install, mount or change"},
	{ClassDBus, "access=send {peer_name,interface}={com.system76.**,io.elementary.**,org.containers**,org.varlink**,com.docker**,com.endlessm.**}", 9, "tells others what to install, mount or change"},
	{ClassDBus, "access=send {peer_name,interface}={net.reactivated.**,org.kubuntu.**,fi.w1.**,fi.epitest.**,org.rpm.**,com.suse.**,org.apt.**}", 9, "tells others what to install, mount or change"},
	{ClassDBus, "access=send {peer_name,interface}={com.solus-project.**,org.timeshift**,org.dpkg.**}", 9, "tells others what to install, mount or change"},
	{ClassDBus, "access=send {peer_name,interface}={org.kde.{kf5auth,kf6auth,auth,kcontrol,filesharing,ktexteditor,partitionmanager,fontinst}**}", 9, "tells others what to install, mount or change"},
	{ClassDBus, "access=send {peer_name,interface}={org.aptkit**,org.baseurl.**,org.storage.**,com.deepin.**,org.deepin.**,com.kylin.**,id.waydro.**}", 9, "tells others what to install, mount or change"},
	{ClassDBus, "access=send {peer_name,interface}={io.netplan.**,org.ganesha.**,io.podman**,io.systemd.**,org.gnome.{GParted,gparted,Software}**,org.cockpit**}", 9, "tells others what to install, mount or change"},
	{ClassDBus, "access=send {peer_name,interface}={org.guake**,net.launchpad.terminator**,org.kde.kdeconnect**,org.gnome.ArchiveManager1,org.a11y.atspi.{Action,EditableText,Device**}}", 8, "tells the desktop what to run"},
	{ClassDBus, "access=send member={LoadModule,loadModule}", 8, "tells the desktop what to run"},
	{ClassDBus, "access=send {peer_name,interface}={org.gnome.Shell**,org.gnome.Terminal**,org.gnome.Console**,org.gnome.Ptyxis**,org.gnome.Nautilus**}", 8, "tells the desktop what to run"},
	{ClassDBus, "access=send {peer_name,interface}={org.kde.krunner**,org.kde.KWin**,org.kde.plasma**,org.kde.kded**,org.kde.konsole**,org.kde.yakuake**}", 8, "tells the desktop what to run"},
	{ClassDBus, "access=send {peer_name,interface}={org.kde.klauncher**,org.kde.KLauncher**,org.kde.kdesu**,org.kde.kate**,org.kde.kdevelop**}", 8, "tells the desktop what to run"},
	{ClassDBus, "access=send {peer_name,interface}={org.kde.kglobalaccel**,org.kde.ksmserver**,org.xfce.**,org.mate.**,org.cinnamon.**,org.Cinnamon**}", 8, "tells the desktop what to run"},
	{ClassDBus, "access=send {peer_name,interface}={org.lxqt.**,org.a11y.atspi.DeviceEventController,org.freedesktop.IBus**,org.fcitx.**}", 8, "tells the desktop what to run"},
	{ClassDBus, "access=send {peer_name,interface}={com.mitchellh.ghostty**,com.gexperts.Tilix**,org.sway**,org.awesomewm.**,org.gtk.Actions}", 8, "tells the desktop what to run"},
	{ClassDBus, "access=send {peer_name,interface}={org.gtk.Application,org.gtk.Private.CommandLine,org.freedesktop.Application}", 8, "tells the desktop what to run"},
	{ClassDBus, "access=send {peer_name,interface}=org.freedesktop.portal.{Flatpak**,DynamicLauncher,Background}", 8, "tells the desktop what to run"},
	{ClassDBus, "access=send {peer_name,interface}={ca.desrt.dconf**,org.freedesktop.impl.dconf**}", 7, "sets what the desktop runs"},
	{ClassDBus, "access=send {peer_name,interface}=org.freedesktop.{NetworkManager**,login1**,hostname1**,timedate1**,locale1**,resolve1.Link**,network1**}", 7, "changes what others rely on"},
	{ClassDBus, "access=send {peer_name,interface}=org.freedesktop.{timesync1**,oom1**,ModemManager1.**,DBus.Monitoring,DBus.Debug**}", 7, "changes what others rely on"},
	{ClassDBus, "access=send {peer_name,interface}={org.bluez.**,net.connman.**,org.ofono.**,net.hadess.**,com.hp.hplip**}", 7, "changes what others rely on"},
	{ClassDBus, "access=send {peer_name,interface}=org.freedesktop.resolve1.Manager member={Set,Revert,Register,Unregister}*", 7, "changes what others rely on"},
	{ClassDBus, "access=send {peer_name,interface}={org.usbguard**,org.gnome.RemoteDesktop**,org.freedesktop.DisplayManager**,net.openvpn.**}", 7, "changes what others rely on"},
	{ClassDBus, "access=send", 4, "sends messages"},
	{ClassDBus, "", 2, "receives messages"},

	{ClassUserns, "", 7, "makes user namespaces, a way to the kernel's less tested parts"},
	{ClassIOUring, "access=override_creds label=unconfined", 10, "acts with credentials that are not confined"},
	{ClassIOUring, "access=override_creds", 7, "acts with the credentials of another profile"},
	{ClassIOUring, "", 5, "makes a kernel thread that works for it"},
	{ClassMqueue, "", 2, "uses a message queue"},
}
