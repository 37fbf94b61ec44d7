import HomePage from "./HomePage.vue";
import { mount } from "./mount";

mount(HomePage);
