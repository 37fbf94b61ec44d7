import { createApp } from "vue";
import "@/styles/tokens.css";
import "@/styles/chat.css";
import "@/styles/cards.css";
import "@/styles/desk.css";
import "@/styles/beside.css";
import DeskApp from "./DeskApp.vue";

createApp(DeskApp).mount("#app");
